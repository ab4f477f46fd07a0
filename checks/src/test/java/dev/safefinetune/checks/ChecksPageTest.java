package dev.safefinetune.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.PolicyRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChecksPageTest {
    /** With {@code -Dgolden=write} it is written anew. */
    @Test
    void thePageIsWhatTheChecksSay() throws IOException {
        Path page = Path.of("..", ChecksPage.PATH);
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(page, ChecksPage.page());
        }
        assertThat(Files.readString(page)).as("run `make generate`").isEqualTo(ChecksPage.page());
    }

    @ParameterizedTest
    @EnumSource(PolicyRule.class)
    void eachRuleThatAWaiverCanLiftIsAsked(PolicyRule rule) {
        assertThat(PolicyChecks.QUESTIONS)
                .filteredOn(asked -> asked.rule() == rule)
                .isNotEmpty()
                .allSatisfy(asked -> assertThat(asked.says()).endsWith("."));
    }
}
