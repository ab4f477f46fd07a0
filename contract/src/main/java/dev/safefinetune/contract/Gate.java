package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Which samples the vector already explains and that are therefore left out of the optimizer's steps.
 *
 * <p>The figure is the drop, loss with the vector off minus loss with it on, in nats per answer token.
 *
 * @param mode how the threshold is found
 * @param drop the threshold in nats; present exactly when {@code mode} is {@code Fixed}
 */
public record Gate(Mode mode, @Nullable Double drop) {
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

    public static final Gate CALIBRATED = new Gate(Mode.CALIBRATED, null);
    public static final Gate OFF = new Gate(Mode.OFF, null);

    public static Gate fixed(double drop) {
        return new Gate(Mode.FIXED, drop);
    }

    public Gate {
        Require.present("gate.mode", mode);
        if ((mode == Mode.FIXED) != (drop != null)) {
            throw new IllegalArgumentException("gate.drop must be given exactly when mode is Fixed");
        }
        if (drop != null) {
            Require.positive("gate.drop", drop);
        }
    }
}
