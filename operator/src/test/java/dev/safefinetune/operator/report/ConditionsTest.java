package dev.safefinetune.operator.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.ConditionType;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = THEN.plusSeconds(60);

    @Test
    void whatIsKeptIsSaidOfTheGenerationThatIsSeenNow() {
        ConditionStatus before =
                new ConditionStatus("PolicyAccepted", "True", 1L, "WithinLimits", "within prod@7", THEN);

        assertThat(new Conditions(List.of(before), 2, NOW)
                        .keep(ConditionType.POLICY_ACCEPTED)
                        .list())
                .containsExactly(
                        new ConditionStatus("PolicyAccepted", "True", 2L, "WithinLimits", "within prod@7", THEN));
    }

    @Test
    void whatWasNeverSaidIsNotDecidedYet() {
        assertThat(new Conditions(null, 2, NOW)
                        .keep(ConditionType.POLICY_ACCEPTED)
                        .list())
                .containsExactly(new ConditionStatus("PolicyAccepted", "Unknown", 2L, "NotStarted", "", NOW));
    }
}
