package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.operator.world.Manifests;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A vector that the operator may not read; the other choices are those of {@link FineTuneDecisionTest}. */
class VectorChoiceTest {
    @Test
    void aVectorInANamespaceThatIsNotWatchedIsOutOfReach() {
        SafeFineTune wish = Manifests.fineTune("safety: {vectorRef: {name: base, namespace: platform}}\n");

        assertThat(VectorChoice.among(List.of(), "platform", wish))
                .isInstanceOfSatisfying(VectorChoice.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.VECTOR_OUT_OF_REACH);
                    assertThat(refused.message()).contains("watchNamespaces");
                });
    }

    /** As the operator of release 0.1.0-acee0ca left it on a real API server, assessed on 20 samples. */
    @Test
    void aVectorThatAnEarlierReleaseAssessedOnTooLittleSaysWhatIsMissing() throws IOException {
        String recorded = Files.readString(
                        Path.of("../test-cluster/src/test/resources/recorded/0.1.0-acee0ca/vector-ready.yaml"))
                .split("(?m)^---$", 3)[1]
                .replace("NAMESPACE", "team-a")
                .replaceAll("<-?[0-9]+ s ago>", "2026-01-01T00:00:00Z");
        SecurityVector vector = Serialization.unmarshal(recorded, SecurityVector.class);
        vector.getMetadata().setGeneration(1L);
        vector.getMetadata().setCreationTimestamp("2026-01-01T00:00:00Z");

        assertThat(VectorChoice.among(List.of(vector), null, Manifests.fineTune("")))
                .isInstanceOfSatisfying(VectorChoice.NotYet.class, notYet -> {
                    assertThat(notYet.reason()).isEqualTo(Reason.VECTOR_NOT_READY);
                    assertThat(notYet.hope()).isEqualTo(VectorChoice.Hope.NONE);
                    assertThat(notYet.message())
                            .contains("an earlier release", "on 20 held-out samples", "at least 30 are needed");
                });
    }
}
