package dev.safefinetune.contract;

import java.math.BigDecimal;
import java.math.MathContext;

/** Figures in six significant digits, which is more than is known of them: a pod's result has little room. */
final class SixDigits {
    private static final MathContext SIX = new MathContext(6);

    private SixDigits() {}

    static double of(double value) {
        return Double.isFinite(value) ? new BigDecimal(value).round(SIX).doubleValue() : value;
    }
}
