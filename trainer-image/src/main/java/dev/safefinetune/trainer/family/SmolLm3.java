package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.kernel.Architecture.Rotation;
import java.util.List;
import java.util.stream.IntStream;

/** SmolLM3: Llama with layers that know no positions, every fourth where the file says nothing. */
final class SmolLm3 {
    private SmolLm3() {}

    static ModelConfig read(ConfigFields fields) {
        boolean bias = fields.flag("attention_bias");
        Decoder decoder = Decoder.of(fields, null, 4);
        List<Integer> turns = turns(fields, decoder.layers());
        if (fields.flag("use_sliding_window") && fields.hasValue("sliding_window")) {
            decoder.windows(
                    LayerKinds.windowed(fields, decoder.layers(), layer -> turns.get(layer) == Rotation.NONE),
                    LayerKinds.window(fields, 0));
        }
        return decoder.silu()
                .biases(bias, bias, fields.flag("mlp_bias"))
                .ropes(List.of(new RopeFields(fields).rope(2e6)), turns)
                .tied(true)
                .build();
    }

    /** {@code no_rope_layers} holds 1 for a layer that turns, and 0 for one that does not. */
    private static List<Integer> turns(ConfigFields fields, int layers) {
        if (!fields.hasValue("no_rope_layers")) {
            int interval = fields.positiveOr("no_rope_layer_interval", 4);
            return IntStream.range(0, layers)
                    .mapToObj(layer -> (layer + 1) % interval == 0 ? Rotation.NONE : 0)
                    .toList();
        }
        String right = "a list of 0 and 1, one for each of " + layers + " layers";
        List<Double> marks = fields.numbers("no_rope_layers", n -> n == 0 || n == 1, right);
        if (marks.size() != layers) {
            throw fields.refused("no_rope_layers", right);
        }
        return marks.stream().map(mark -> mark == 1 ? 0 : Rotation.NONE).toList();
    }
}
