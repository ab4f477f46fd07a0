package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.train.FrozenVectors;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.TokenThresholds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A vector on disk, with those that are attached together with it.
 *
 * @param directory in PEFT's format
 * @param gate the thresholds that its assessment found; absent where there are none
 * @param tokens those of single tokens; absent where it looked for none
 * @param others empty where it is attached alone
 */
public record VectorFiles(
        Path directory,
        @Nullable GateThresholds gate,
        @Nullable TokenGate tokens,
        List<VectorFiles> others) {
    public VectorFiles {
        others = List.copyOf(others);
    }

    /** A vector that is attached alone. */
    public VectorFiles(Path directory, @Nullable GateThresholds gate, @Nullable TokenGate tokens) {
        this(directory, gate, tokens, List.of());
    }

    /** Vectors that are attached together, in their order. */
    static VectorFiles together(List<VectorFiles> vectors) {
        VectorFiles first = vectors.getFirst();
        return new VectorFiles(first.directory, first.gate, first.tokens, vectors.subList(1, vectors.size()));
    }

    /** This one and those that are attached with it. */
    List<VectorFiles> all() {
        return Stream.concat(Stream.of(this), others.stream()).toList();
    }

    /** Reads the adapters. */
    FrozenVectors open(CausalModel model) {
        List<Adapter> read = new ArrayList<>();
        try {
            all().forEach(vector -> read.add(Adapter.read(model, vector.directory)));
        } catch (RuntimeException e) {
            read.forEach(Adapter::close);
            throw e;
        }
        return new FrozenVectors(model, read);
    }

    /**
     * From when on a sample counts as flagged by each of them: a fixed drop, or else the calibrated one. Absent where one of
     * them has none.
     */
    @Nullable
    GateThresholds thresholds(@Nullable Double fixed) {
        List<GateThresholds> found = all().stream()
                .map(vector -> vector.own(fixed))
                .filter(Objects::nonNull)
                .toList();
        if (found.size() < all().size()) {
            return null;
        }
        GateThresholds first = found.getFirst();
        return new GateThresholds(first.drop(), first.share(), found.subList(1, found.size()));
    }

    private @Nullable GateThresholds own(@Nullable Double fixed) {
        return fixed == null ? gate : new GateThresholds(fixed, gate == null ? 0 : gate.share());
    }

    /** From when on a token counts as flagged by each of them; absent where one of them has no such thresholds. */
    @Nullable
    List<TokenThresholds> tokenThresholds() {
        List<TokenThresholds> found = all().stream()
                .map(vector -> TokenThresholds.of(vector.tokens))
                .filter(Objects::nonNull)
                .toList();
        return found.size() < all().size() ? null : found;
    }

    /** From when on a token counts as flagged by each of them: by its own thresholds, or where there are none by those of samples. */
    List<TokenThresholds> tokenThresholds(GateThresholds samples) {
        List<TokenThresholds> own = tokenThresholds();
        return own == null
                ? samples.all().stream().map(t -> new TokenThresholds(t, t)).toList()
                : own;
    }

    /** Why there are no thresholds of single tokens: the first vector's reason that has none. */
    String whyNoTokens() {
        VectorFiles without = all().stream()
                .filter(vector -> TokenThresholds.of(vector.tokens) == null)
                .findFirst()
                .orElseThrow();
        TokenGate gates = without.tokens;
        String why = gates == null
                ? "the vector was assessed by a release that looked at no tokens"
                : String.valueOf(gates.crossing());
        return others.isEmpty() ? why : "vector " + (all().indexOf(without) + 1) + ": " + why;
    }
}
