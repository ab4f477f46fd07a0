package dev.safefinetune.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Builds the images of a tree that has been built. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        description = "Writes OUT/operator.tar and OUT/trainer.tar, and the bill of materials of each beside it.")
public final class ImagesCommand implements Callable<Integer> {
    @Option(names = "--tree", required = true, description = "root of the built repository")
    private Path tree = Path.of("");

    @Option(names = "--out", required = true, description = "where the archives go")
    private Path out = Path.of("");

    @Option(names = "--version-tag", required = true, description = "version of the images")
    private String version = "";

    @Option(names = "--revision", description = "commit of the sources", defaultValue = "")
    private String revision = "";

    @Option(names = "--time", required = true, description = "the time that every file and the images bear")
    private Instant time = Instant.EPOCH;

    @Option(names = "--only", description = "operator or trainer; both if left out")
    private List<String> only = List.of();

    @Option(
            names = "--no-class-archive",
            description = "the operator without the archive of its classes, so that two builds give the same bytes")
    private boolean noClassArchive;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Builds the images and ends the process. */
    public static void main(String[] arguments) {
        // The key store of trusted roots is public: a password's salt would only make each build another.
        System.setProperty("keystore.pkcs12.certProtectionAlgorithm", "NONE");
        System.setProperty("keystore.pkcs12.macAlgorithm", "NONE");
        System.exit(new CommandLine(new ImagesCommand())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println("images: " + e.getMessage());
                    return 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        BuiltTree built = new BuiltTree(tree.toRealPath(), version, revision);
        for (Image image : List.of(new OperatorImage(built, !noClassArchive), new TrainerImage(built))) {
            if (only.isEmpty() || only.contains(image.name())) {
                build(image);
            }
        }
        return 0;
    }

    private void build(Image image) throws IOException, InterruptedException {
        Path work = out.toAbsolutePath().resolve("work").resolve(image.name());
        Files.createDirectories(work);
        RootTree files = RootTree.empty(work.resolve("root"));
        Bill bill = new Bill("safe-fine-tune/" + image.name(), version);
        image.assemble(files, bill, work);
        Set<Path> libraries = SharedLibraries.copyInto(files);
        bill.system(files, libraries);
        String json = bill.json();
        files.write("usr/share/sbom/%s.cdx.json".formatted(image.name()), json);
        Files.writeString(out.resolve(image.name() + ".cdx.json"), json);
        files.settle(time);
        image.finish(files);
        files.settle(time);
        ImageArchive.Written written =
                new ImageArchive(image.plan(), files, time).write(out.resolve(image.name() + ".tar"));
        PrintWriter print = spec.commandLine().getOut();
        print.printf(
                Locale.ROOT,
                "%s  %s  archive %.1f MB, unpacked %.1f MB%n",
                image.plan().reference(),
                written.digest(),
                Files.size(written.file()) / 1e6,
                files.bytes() / 1e6);
        print.flush();
    }
}
