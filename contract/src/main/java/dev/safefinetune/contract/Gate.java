package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Which samples the vector already explains and that are therefore left out of the optimizer's steps.
 *
 * <p>The figure is the drop, loss with the vector off minus loss with it on, in nats per answer token.
 *
 * @param mode how the threshold is found
 * @param drop the threshold in nats; present exactly when {@code mode} is {@code Fixed}
 * @param unit what is left out; absent: whole samples, as in job specs of releases that knew nothing else
 */
public record Gate(
        Mode mode, @Nullable Double drop, @Nullable Unit unit) {
    /** Where the gate's threshold comes from. */
    public enum Mode {
        /** From the vector's own assessment. */
        @JsonProperty("Calibrated")
        CALIBRATED,
        @JsonProperty("Off")
        OFF,
        @JsonProperty("Fixed")
        FIXED
    }

    /** What a gate leaves out. */
    public enum Unit {
        /** Whole samples, by their means. */
        @JsonProperty("Samples")
        SAMPLES,
        /** Single tokens, and a sample of which more than half is left out. Needs thresholds that a vector was assessed for. */
        @JsonProperty("Tokens")
        TOKENS
    }

    public static final Gate CALIBRATED = new Gate(Mode.CALIBRATED, null, null);
    public static final Gate OFF = new Gate(Mode.OFF, null, null);

    public static Gate fixed(double drop) {
        return new Gate(Mode.FIXED, drop, null);
    }

    /** By the vector's own thresholds for single tokens. */
    public static Gate ofTokens() {
        return new Gate(Mode.CALIBRATED, null, Unit.TOKENS);
    }

    public Gate {
        Require.present("gate.mode", mode);
        if ((mode == Mode.FIXED) != (drop != null)) {
            throw new IllegalArgumentException("gate.drop must be given exactly when mode is Fixed");
        }
        if (drop != null) {
            Require.positive("gate.drop", drop);
        }
        if (unit == Unit.TOKENS && mode != Mode.CALIBRATED) {
            throw new IllegalArgumentException(
                    "gate.unit Tokens needs gate.mode Calibrated: there is no other threshold for single tokens");
        }
    }

    /** Whether single tokens are judged. */
    @JsonIgnore
    public boolean isOfTokens() {
        return unit == Unit.TOKENS;
    }
}
