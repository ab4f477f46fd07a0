package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.Decision;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    /** Another label on the namespace, and the policy that refuses does not select it any more: no event says so. */
    @Test
    void looksAtARefusedWishAgainWithoutBeingTold() {
        Decision refused = new Decision.Refuse(Reason.MODEL_NOT_ALLOWED, "policy prod allows pvc://approved/*");

        assertThat(Pace.after(refused, new Applied.Done(), true, true).after()).isEqualTo(Duration.ofMinutes(5));
    }
}
