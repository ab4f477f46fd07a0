package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.operator.observe.RunNaming;
import dev.safefinetune.operator.plan.Fingerprint;
import dev.safefinetune.operator.world.Manifests;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which run a resource asks for: the one that stands on it, or a new one. */
class RunNamingTest {
    private static final String WISH =
            Fingerprint.ofWish(Manifests.fineTune("")).value();

    /** At generation 4, with what a status says of its last run. */
    private static SafeFineTune bot(String status) {
        SafeFineTune plain = Manifests.fineTune("");
        if (status.isEmpty()) {
            return plain;
        }
        plain.setStatus(Manifests.read(status, SafeFineTuneStatus.class));
        return plain;
    }

    private record Case(String name, SafeFineTune bot, String run) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        String ofGeneration3 = "{observedGeneration: 3, run: {id: bot-3, specHash: '%s'}}";
        String old = "{observedGeneration: %d, run: {id: bot-%d}}";
        return Stream.of(
                new Case("nothing is known", bot(""), "bot-4"),
                new Case("the same wish was written down", bot(ofGeneration3.formatted(WISH)), "bot-3"),
                new Case("another wish was written down", bot(ofGeneration3.formatted("x")), "bot-4"),
                // Of a release that knew no digest of the wish.
                new Case("an older release saw this generation", bot(old.formatted(4, 4)), "bot-4"),
                new Case("an older release saw another spec", bot(old.formatted(3, 3)), "bot-4"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void knowsTheRun(Case each) {
        assertThat(RunNaming.identity(each.bot()).id()).isEqualTo(each.run());
    }

    /** The digest may come out otherwise in a later release: what was seen of this generation counts all the same. */
    @Test
    void anotherReleasesDigestOfTheSameGenerationIsTheSameRun() {
        SafeFineTune bot = bot("{observedGeneration: 4, run: {id: bot-2, specHash: 'of another release'}}");

        assertThat(RunNaming.identity(bot).id()).isEqualTo("bot-2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "suspend: true",
                "runPolicy: {activeDeadline: 1h, maxRetries: 0}",
                "method: {type: LoRA, hyperparameters: {epochs: 3}}",
                "resources: {gpus: 2, memory: 8Gi}"
            })
    void theSameRunBySuspensionPolicyResourcesAndDefaultsWrittenOut(String more) {
        assertThat(Fingerprint.ofWish(Manifests.fineTune(more + "\n")).value()).isEqualTo(WISH);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "method: {hyperparameters: {seed: 43}}",
                "safety: {evaluation: {maxHarmfulRate: '0.5'}}",
                "safety: {cooldown: {steps: 10}}"
            })
    void anotherRunByWhatItsStagesAreTold(String more) {
        assertThat(Fingerprint.ofWish(Manifests.fineTune(more + "\n")).value()).isNotEqualTo(WISH);
    }

    @Test
    void whomAVectorIsSharedWithMakesNoOtherRun() {
        var shared = Manifests.vector("team-a", "base", "");
        shared.setSpec(Manifests.read(
                Serialization.asJson(shared.getSpec()).replaceFirst("\\{", "{\"allowedNamespaces\":[\"b\"],"),
                SecurityVectorSpec.class));

        assertThat(Fingerprint.ofWish(shared)).isEqualTo(Fingerprint.ofWish(Manifests.vector("team-a", "base", "")));
    }
}
