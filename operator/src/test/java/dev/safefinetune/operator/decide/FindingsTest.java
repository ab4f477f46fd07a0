package dev.safefinetune.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
    @Test
    void severalFindingsAreNumberedAndEndEachWithAFullStop() {
        assertThat(Findings.sentence(List.of("old tasks fell by 0.100", "nothing was learned.")))
                .isEqualTo("2 findings: (1) old tasks fell by 0.100. (2) nothing was learned.");
    }

    @Test
    void oneFindingStandsByItself() {
        assertThat(Findings.sentence(List.of("old tasks fell by 0.100"))).isEqualTo("old tasks fell by 0.100");
    }

    /** A refused run publishes nothing, so no message may send its reader to a report beside a model. */
    @Test
    void aVerdictWithoutAFindingNamesNoReport() {
        assertThat(Findings.sentence(List.of())).contains("Failed", "log").doesNotContain("report");
    }
}
