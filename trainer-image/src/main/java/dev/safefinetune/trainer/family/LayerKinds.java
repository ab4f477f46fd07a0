package dev.safefinetune.trainer.family;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Which layers see a window only, from {@code layer_types} or from a family's own pattern. */
final class LayerKinds {
    private static final String FIELD = "layer_types";
    private static final String WINDOWED = "sliding_attention";
    private static final String FULL = "full_attention";

    private LayerKinds() {}

    /**
     * Of each layer, whether it sees a window only.
     *
     * @param otherwise of a layer's index, where the file has no {@code layer_types}
     */
    static List<Boolean> windowed(ConfigFields fields, int layers, IntPredicate otherwise) {
        if (!fields.hasValue(FIELD)) {
            return IntStream.range(0, layers).mapToObj(otherwise::test).toList();
        }
        String right = "a list of " + WINDOWED + " and " + FULL + ", one for each of " + layers + " layers";
        List<String> kinds = fields.words(FIELD, right);
        if (kinds.size() != layers || !List.of(WINDOWED, FULL).containsAll(kinds)) {
            throw fields.refused(FIELD, right);
        }
        return kinds.stream().map(WINDOWED::equals).toList();
    }

    /** Tokens of a window; it sees at least itself. */
    static int window(ConfigFields fields, int otherwise) {
        return fields.positiveOr("sliding_window", otherwise);
    }
}
