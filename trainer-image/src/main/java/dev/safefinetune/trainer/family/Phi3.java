package dev.safefinetune.trainer.family;

import java.util.Collections;
import java.util.List;

/** Phi-3 and Phi-4 (Abdin et al., arXiv 2404.14219): Llama with fused projections, a window, and heads of which a part may turn. */
final class Phi3 {
    private Phi3() {}

    static ModelConfig read(ConfigFields fields) {
        Decoder decoder = Decoder.of(fields).silu().epsilon(1e-5).fused().tied(false);
        if (fields.hasValue("sliding_window")) {
            decoder.windows(Collections.nCopies(decoder.layers(), true), LayerKinds.window(fields, 0));
        }
        ConfigFields five = fields.object("rope_parameters");
        double share = share(five, share(fields, 1));
        return decoder.rotated(share)
                .ropes(List.of(new RopeFields(fields).ropeOfAny(10_000)), Collections.nCopies(decoder.layers(), 0))
                .build();
    }

    private static double share(ConfigFields where, double otherwise) {
        return where.hasValue("partial_rotary_factor")
                ? where.number("partial_rotary_factor", 1, n -> n > 0 && n <= 1, "a number above 0, at most 1")
                : otherwise;
    }
}
