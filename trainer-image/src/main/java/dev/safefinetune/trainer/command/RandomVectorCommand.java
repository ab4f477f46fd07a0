package dev.safefinetune.trainer.command;

import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.pipeline.ModelCheck;
import dev.safefinetune.trainer.store.AtomicDirectory;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The control of an experiment: does it take this vector, or would any of its size do? */
@Command(
        name = "random-vector",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a random vector with the layers, ranks and norms of another: the control of an experiment.",
            "It has no readiness and no threshold, so a run with it has no gate."
        })
final class RandomVectorCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "the base model")
    private Path model = Path.of("");

    @Option(names = "--vector", required = true, paramLabel = "DIR", description = "whose size it gets")
    private Path vector = Path.of("");

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the random vector goes")
    private Path out = Path.of("");

    @Option(names = "--seed", defaultValue = "42", description = "of its numbers (default ${DEFAULT-VALUE})")
    private long seed;

    @Override
    public Integer call() {
        AtomicDirectory.checkWritable(out);
        ModelCheck.require(model, Console.log());
        try (CausalModel loaded = CausalModel.load(model);
                Adapter like = Adapter.read(loaded, vector);
                Adapter random = Adapter.randomLike(like, seed)) {
            AtomicDirectory.write(out, directory -> random.write(directory, model.toString()));
        }
        return 0;
    }
}
