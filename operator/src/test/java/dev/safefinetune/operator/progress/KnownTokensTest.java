package dev.safefinetune.operator.progress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownTokensTest {
    private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = ISSUED;
    private int asked;
    private Optional<Stage> answer = Optional.of(Stage.TRAIN);
    private final KnownTokens known = new KnownTokens(() -> now);

    @Test
    void anAcceptedTokenIsNotAskedAboutAgain() {
        String token = tokenUntil(ISSUED.plusSeconds(600));
        assertThat(stage(token, "run-1")).contains(Stage.TRAIN);
        assertThat(stage(token, "run-1")).contains(Stage.TRAIN);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void anAcceptedTokenIsAskedAboutAgainOnceItIsOld() {
        String token = tokenUntil(ISSUED.plusSeconds(10));
        assertThat(stage(token, "run-1")).contains(Stage.TRAIN);
        now = ISSUED.plusSeconds(10);
        answer = Optional.empty();
        assertThat(stage(token, "run-1")).isEmpty();
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void anAcceptedTokenIsAcceptedForItsRunOnly() {
        String token = tokenUntil(ISSUED.plusSeconds(600));
        assertThat(stage(token, "run-1")).contains(Stage.TRAIN);
        answer = Optional.empty();
        assertThat(stage(token, "run-2")).isEmpty();
    }

    @Test
    void aRefusedTokenIsAskedAboutEachTime() {
        String token = tokenUntil(ISSUED.plusSeconds(600));
        answer = Optional.empty();
        assertThat(stage(token, "run-1")).isEmpty();
        answer = Optional.of(Stage.TRAIN);
        assertThat(stage(token, "run-1")).contains(Stage.TRAIN);
    }

    @Test
    void aTokenThatDoesNotSayWhenItEndsIsAskedAboutEachTime() {
        for (String token : new String[] {"opaque", "a.b.c", token("{}"), token("{\"exp\":\"soon\"}")}) {
            asked = 0;
            assertThat(stage(token, "run-1")).contains(Stage.TRAIN);
            assertThat(stage(token, "run-1")).contains(Stage.TRAIN);
            assertThat(asked).as(token).isEqualTo(2);
        }
    }

    private Optional<Stage> stage(String token, String run) {
        return known.stage(token, "uid", run, () -> {
            asked++;
            return answer;
        });
    }

    private static String tokenUntil(Instant end) {
        return token("{\"exp\":" + end.getEpochSecond() + "}");
    }

    private static String token(String claims) {
        return "header."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".signature";
    }
}
