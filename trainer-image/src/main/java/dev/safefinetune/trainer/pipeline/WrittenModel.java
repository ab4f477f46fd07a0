package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model that has learned, as it is written. */
final class WrittenModel {
    private WrittenModel() {}

    /**
     * Writes a model and its adapter.
     *
     * @param base directory of what the model was before it learned, with the tokenizer
     * @return the losses of the probes
     */
    static List<Double> write(
            Path base,
            CausalModel model,
            @Nullable Adapter adapter,
            Path modelOut,
            @Nullable AdapterPlace adapterOut,
            List<EncodedSample> probes) {
        if (adapter != null && adapterOut != null) {
            AtomicDirectory.write(adapterOut.directory(), d -> {
                adapter.write(d, adapterOut.baseModel());
                ModelDirectory.copyTokenizer(base, d);
            });
        }
        AtomicDirectory.write(modelOut, d -> MergedModelWriter.write(base, model, adapter, d));
        if (adapter == null) {
            return Reloaded.scores(model, probes);
        }
        model.attach(adapter);
        try {
            return Reloaded.scores(model, probes);
        } finally {
            model.detach(adapter);
        }
    }
}
