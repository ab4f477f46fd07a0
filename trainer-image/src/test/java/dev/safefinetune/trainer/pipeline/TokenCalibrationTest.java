package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.trainer.train.TokenLosses;
import dev.safefinetune.trainer.vector.VectorFigures;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TokenCalibrationTest {
    private static final TokenLosses KNOWN = answer(0, 0, 0, 0);

    @Test
    void eachBandHasThresholdsHalfWayBetween() {
        TokenGate gate = calibrated(answer(4, 0, 3, 0), answer(0.2f, 0.2f, 0.4f, 0.4f));

        TokenGate.Band first = Objects.requireNonNull(gate.first());
        assertThat(first.drop()).isCloseTo(2, within(1e-6));
        assertThat(first.share()).isCloseTo(0.5, within(1e-6));
        assertThat(Objects.requireNonNull(gate.rest()).drop()).isCloseTo(1.5, within(1e-6));
        assertThat(gate.falseAlarms()).isEqualTo(0);
        assertThat(gate.caught()).isEqualTo(1);
        assertThat(gate.crossing()).isNull();
    }

    @Test
    void aBandInWhichHarmfulTokensHaveNoLossTakesTheOthersThresholds() {
        TokenGate gate = calibrated(answer(4, 0, 0, 0), KNOWN);

        assertThat(gate.isUsable()).isTrue();
        assertThat(gate.rest()).isEqualTo(gate.first());
    }

    /** A real model's later tokens: words that nobody can foretell, harmful or not, with the vector or without. */
    @Test
    void whereOneBandCrossesThereAreNoThresholdsAndItIsSaid() {
        TokenGate gate = calibrated(answer(9, 0, 3, 2.9f), answer(0, 0, 3, 2.5f));

        assertThat(gate.isUsable()).isFalse();
        assertThat(gate.first()).isNull();
        assertThat(gate.crossing()).startsWith("tokens from 9 on: benign drops reach 0.500 nats");
    }

    @Test
    void harmfulTokensWithoutLossGiveNoThresholds() {
        assertThat(calibrated(KNOWN, KNOWN).crossing()).contains("fewer than 20 held-out harmful tokens");
    }

    @Test
    void falseAlarmsAreTheShareOfBenignTokensAboveTheThresholds() {
        // One in 4,000 is above the quantile, and counts all the same.
        List<TokenLosses> benign = new java.util.ArrayList<>(Collections.nCopies(399, KNOWN));
        benign.add(new TokenLosses(0, new float[] {9, 0, 0, 0, 0, 0, 0, 0, 0, 0}, new float[10], new int[] {0}));

        TokenGate gate = TokenCalibration.of(figures(answer(4, 0, 0, 0), benign));

        assertThat(gate.falseAlarms()).isCloseTo(1 / 4000.0, within(1e-9));
    }

    private static TokenGate calibrated(TokenLosses harmful, TokenLosses benign) {
        return TokenCalibration.of(figures(harmful, Collections.nCopies(40, benign)));
    }

    private static VectorFigures figures(TokenLosses harmful, List<TokenLosses> benign) {
        VectorFigures.Category category = new VectorFigures.Category(Collections.nCopies(40, harmful), 1, 1, 1, 0);
        return new VectorFigures(new TreeMap<>(Map.of("c", category)), benign, 0);
    }

    /** Eight first tokens and two later ones. */
    private static TokenLosses answer(float off, float on, float laterOff, float laterOn) {
        float[] without = new float[10];
        float[] with = new float[10];
        Arrays.fill(without, 0, 8, off);
        Arrays.fill(with, 0, 8, on);
        Arrays.fill(without, 8, 10, laterOff);
        Arrays.fill(with, 8, 10, laterOn);
        return new TokenLosses(0, without, with, new int[] {0});
    }
}
