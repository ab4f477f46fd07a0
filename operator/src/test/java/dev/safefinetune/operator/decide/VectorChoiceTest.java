package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.operator.world.Manifests;
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
}
