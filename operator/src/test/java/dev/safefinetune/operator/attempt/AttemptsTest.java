package dev.safefinetune.operator.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.operator.world.Results;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttemptsTest {
    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final String KEY = key("team-a", 'a', 'b');

    private static RunIdentity run(int generation) {
        return new RunIdentity("team-a", "SafeFineTune", "bot", "uid", "bot-" + generation);
    }

    private static String key(String namespace, char model, char dataset) {
        return Attempts.key(
                namespace,
                Inputs.of(Map.of(Inputs.MODEL, Results.digest(model), Inputs.DATASET, Results.digest(dataset))));
    }

    @Test
    void aRunIsCountedAfterThoseBeforeItAndOnce() {
        Attempts attempts = Attempts.NONE;
        for (int i = 1; i <= 12; i++) {
            assertThat(attempts.number(KEY, run(i))).isEqualTo(i);
            attempts = attempts.begun(KEY, run(i), NOW);
            assertThat(attempts.number(KEY, run(i))).isEqualTo(i);
            assertThat(attempts.begun(KEY, run(i), NOW.plusSeconds(9))).isEqualTo(attempts);
        }
        // bot-1 is no part of bot-11.
        assertThat(attempts.number(KEY, run(11))).isEqualTo(11);
    }

    @Test
    void aRunThatPassedIsNoAttemptForTheNext() {
        Attempts attempts = Attempts.NONE.begun(KEY, run(1), NOW).begun(KEY, run(2), NOW);
        Attempts passed = attempts.passed(KEY, run(1));
        assertThat(passed.number(KEY, run(1))).isEqualTo(1);
        assertThat(passed.number(KEY, run(2))).isEqualTo(1);
        assertThat(passed.number(KEY, run(3))).isEqualTo(2);
        assertThat(passed.passed(KEY, run(1))).isEqualTo(passed);
        assertThat(passed.passed(KEY, run(9))).isEqualTo(passed);
        assertThat(Attempts.NONE.passed(KEY, run(1))).isEqualTo(Attempts.NONE);
    }

    @Test
    void otherModelsDatasetsAndNamespacesAreCountedApart() {
        Attempts attempts = Attempts.NONE.begun(KEY, run(1), NOW);
        assertThat(attempts.number(key("team-a", 'c', 'b'), run(2))).isEqualTo(1);
        assertThat(attempts.number(key("team-a", 'a', 'c'), run(2))).isEqualTo(1);
        assertThat(attempts.number(key("team-b", 'a', 'b'), run(2))).isEqualTo(1);
        assertThat(attempts.number(key("team-a", 'a', 'b'), run(2))).isEqualTo(2);
    }

    /** A ConfigMap has room for 1 MiB. */
    @Test
    void whatWasLeftAloneForLongestIsForgottenFirst() {
        String uid = "u".repeat(300);
        Attempts attempts = Attempts.NONE.begun(KEY, run(1), NOW);
        for (int i = 0; i < 3000; i++) {
            RunIdentity run = new RunIdentity("team-b", "SafeFineTune", "bot", uid, "bot-" + i);
            attempts = attempts.begun(String.format("%040d", i), run, NOW.plusSeconds(i + 1));
        }
        int size = attempts.data().values().stream().mapToInt(String::length).sum();
        assertThat(size).isBetween(700_000, 900_000);
        assertThat(attempts.data())
                .doesNotContainKey(KEY)
                .doesNotContainKey(String.format("%040d", 0))
                .containsKey(String.format("%040d", 2999));
    }
}
