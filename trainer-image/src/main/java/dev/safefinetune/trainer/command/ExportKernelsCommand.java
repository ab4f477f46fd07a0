package dev.safefinetune.trainer.command;

import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.train.KernelExport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The kernels for GPUs, for a machine that has a GPU and no trainer. */
@Command(
        name = "export-kernels",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a model's kernels for GPUs as archives that Python's torch loads.",
            "With --values also inputs, for random weights, and the processors' results in float32 to compare with; without only"
                    + " the archives and the shapes of the weights."
        })
final class ExportKernelsCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "holds a config.json; weights are not read")
    private Path model = Path.of("");

    @Option(names = "--values", description = "inputs and results too; for small models")
    private boolean values;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "where the files go")
    private Path out = Path.of("");

    @Override
    public Integer call() {
        AtomicDirectory.checkWritable(out);
        AtomicDirectory.write(out, directory -> {
            if (values) {
                KernelExport.ofValues(model, directory);
            } else {
                KernelExport.ofShapes(model, directory);
            }
        });
        return 0;
    }
}
