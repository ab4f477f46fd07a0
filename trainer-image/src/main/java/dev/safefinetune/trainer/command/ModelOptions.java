package dev.safefinetune.trainer.command;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.pipeline.ModelCheck;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A model, with an adapter or without. */
final class ModelOptions {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "a model")
    private Path model = Path.of("");

    @Option(names = "--adapter", paramLabel = "DIR", description = "a PEFT adapter to attach to it")
    private @Nullable Path adapter;

    /** A loaded model; what is attached to it is closed with it. */
    record Loaded(CausalModel model, @Nullable Adapter adapter) implements AutoCloseable {
        @Override
        public void close() {
            if (adapter != null) {
                model.detach(adapter);
                adapter.close();
            }
            model.close();
        }
    }

    Path directory() {
        return model;
    }

    Loaded load() {
        ModelCheck.require(model, Console.log());
        CausalModel loaded = CausalModel.load(model);
        try {
            Adapter attached = adapter == null ? null : Adapter.read(loaded, adapter);
            if (attached != null) {
                loaded.attach(attached);
            }
            return new Loaded(loaded, attached);
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }
}
