package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.ResolvedVector;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.operator.plan.Layout;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A run that names several vectors waits for all of them, and is refused where they do not fit together. */
class SeveralVectorsTest {
    private static final SafeFineTune WISH =
            Manifests.fineTune("safety: {vectorRefs: [{name: recipes}, {name: traits}, {name: hoaxes}]}\n");

    /** A ready vector whose digest and suite are its own. */
    private static SecurityVector ready(String name, char digest) {
        SecurityVector vector = Manifests.readyVector("team-a", name);
        vector.setStatus(changed(
                vector.getStatus(),
                SecurityVectorStatus.class,
                Results.digest('2').value(),
                Results.digest(digest).value()));
        vector.setSpec(changed(vector.getSpec(), SecurityVectorSpec.class, "prompts.jsonl", name + ".jsonl"));
        return vector;
    }

    private static <T> T changed(T value, Class<T> type, String from, String to) {
        return Serialization.unmarshal(Serialization.asJson(value).replace(from, to), type);
    }

    private static VectorChoice among(SecurityVector... vectors) {
        return VectorChoice.among(List.of(vectors), null, WISH);
    }

    private static VectorChoice.Chosen chosen(SecurityVector... vectors) {
        return (VectorChoice.Chosen) among(vectors);
    }

    @Test
    void allOfThemAreAttachedInTheOrderOfTheirNames() {
        VectorChoice.Chosen chosen = chosen(ready("hoaxes", '9'), ready("recipes", '2'), ready("traits", '3'));

        assertThat(chosen.vector().all())
                .extracting(VectorInput::digest)
                .containsExactly(Results.digest('2'), Results.digest('3'), Results.digest('9'));
        assertThat(SeveralVectors.resolved(chosen))
                .extracting(ResolvedVector::name)
                .containsExactly("recipes", "traits", "hoaxes");
    }

    @Test
    void theModelIsHeldToTheSuiteOfEach() {
        VectorChoice.Chosen chosen = chosen(ready("recipes", '2'), ready("traits", '3'), ready("hoaxes", '9'));

        assertThat(Objects.requireNonNull(SeveralVectors.suite(chosen))
                        .prompts()
                        .uri())
                .isEqualTo("pvc://red-team/recipes.jsonl");
        assertThat(suites(chosen, false)).containsExactly(suite("traits"), suite("hoaxes"));
        assertThat(suites(chosen, true)).as("the run names its own").isEmpty();
    }

    private static List<SuiteSource> suites(VectorChoice.Chosen chosen, boolean own) {
        return Stream.ofNullable(SeveralVectors.withSuites(chosen, own))
                .flatMap(vector -> vector.all().stream())
                .map(VectorInput::suite)
                .filter(Objects::nonNull)
                .toList();
    }

    private static SuiteSource suite(String name) {
        return new SuiteSource(Layout.source("pvc://red-team/" + name + ".jsonl"), null);
    }

    @Test
    void whatIsWaitedForIsNamed() {
        SecurityVector training =
                Manifests.vector("team-a", "traits", "status: {observedGeneration: 2, phase: Training}\n");
        SecurityVector failed =
                Manifests.vector("team-a", "hoaxes", "status: {observedGeneration: 2, phase: Failed}\n");

        assertThat(among(ready("recipes", '2'), training, ready("hoaxes", '9')))
                .isInstanceOfSatisfying(VectorChoice.NotYet.class, notYet -> {
                    assertThat(notYet.reason()).isEqualTo(Reason.VECTOR_NOT_READY);
                    assertThat(notYet.hope()).isEqualTo(VectorChoice.Hope.COMING);
                    assertThat(notYet.message()).isEqualTo("SecurityVector traits is not ready");
                });
        assertThat(among(ready("recipes", '2'), training, failed))
                .isInstanceOfSatisfying(VectorChoice.NotYet.class, notYet -> {
                    assertThat(notYet.hope()).isEqualTo(VectorChoice.Hope.NONE);
                    assertThat(notYet.message())
                            .contains("SecurityVector traits is not ready;", "SecurityVector hoaxes", "has failed");
                });
        assertThat(among(ready("recipes", '2'), ready("traits", '3')))
                .isInstanceOfSatisfying(VectorChoice.NotYet.class, notYet -> {
                    assertThat(notYet.reason()).isEqualTo(Reason.VECTOR_NOT_FOUND);
                    assertThat(notYet.message()).contains("no SecurityVector hoaxes");
                });
    }

    @Test
    void vectorsOfDifferentBasesAreRefused() {
        SecurityVector other = ready("traits", '3');
        other.setStatus(changed(
                other.getStatus(),
                SecurityVectorStatus.class,
                Results.digest('a').value(),
                Results.digest('b').value()));

        assertThat(among(ready("recipes", '2'), other, ready("hoaxes", '9')))
                .isInstanceOfSatisfying(VectorChoice.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.VECTOR_FOR_ANOTHER_BASE);
                    assertThat(refused.message())
                            .contains("SecurityVector traits was trained on the model", "SecurityVector recipes on");
                });
    }

    @Test
    void theSameVectorUnderTwoNamesIsRefused() {
        assertThat(among(ready("recipes", '2'), ready("traits", '3'), ready("hoaxes", '3')))
                .isInstanceOfSatisfying(VectorChoice.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.SPEC_INVALID);
                    assertThat(refused.message()).contains("SecurityVector hoaxes has the same digest as traits");
                });
    }
}
