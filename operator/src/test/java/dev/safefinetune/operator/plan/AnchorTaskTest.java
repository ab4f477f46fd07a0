package dev.safefinetune.operator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnchorTaskTest {
    private static final VectorInput VECTOR = new VectorInput(
            Layout.vector("pvc://vectors/base"),
            Results.digest('2'),
            Results.digest('a'),
            0.7,
            0.5,
            Results.digest('4'),
            null,
            null);

    private static @Nullable AnchorSettings anchor(String safety, @Nullable VectorInput vector) {
        return new FineTuneTasks(Manifests.fineTune(safety).getSpec(), false)
                .train(Inputs.of(Map.of()), vector)
                .anchor();
    }

    @Test
    void statesAreHeldByDefault() {
        assertThat(anchor("", VECTOR)).isEqualTo(new AnchorSettings(1));
        assertThat(anchor("safety: {anchor: {weight: \"2\"}}\n", VECTOR)).isEqualTo(new AnchorSettings(2));
    }

    @Test
    void allWeightsAreHeldMoreThanAnAdapter() {
        assertThat(anchor("method: {type: Full}\n", VECTOR)).isEqualTo(new AnchorSettings(4));
        assertThat(anchor("method: {type: Full}\nsafety: {anchor: {weight: \"2\"}}\n", VECTOR))
                .isEqualTo(new AnchorSettings(2));
    }

    @Test
    void aDisabledAnchorHoldsNothing() {
        assertThat(anchor("safety: {anchor: {mode: Disabled, weight: \"2\"}}\n", VECTOR))
                .isNull();
    }

    @Test
    void anEnabledAnchorHasItsWeightOrTheDefault() {
        assertThat(anchor("safety: {anchor: {mode: Enabled, weight: \"2.5e-1\"}}\n", VECTOR))
                .isEqualTo(new AnchorSettings(0.25));
        assertThat(anchor("safety: {anchor: {mode: Enabled}}\n", VECTOR)).isEqualTo(new AnchorSettings(1));
    }

    /** A policy or the user allows no vector: there are no requests then. */
    @Test
    void withoutAVectorNothingIsHeld() {
        assertThat(anchor("", null)).isNull();
        assertThat(anchor("safety: {anchor: {mode: Enabled}}\n", null)).isNull();
    }
}
