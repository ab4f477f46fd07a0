package dev.safefinetune.cli.run;

import dev.safefinetune.cli.validate.Problem;
import dev.safefinetune.cli.validate.Validator;
import dev.safefinetune.local.runner.Directories;
import dev.safefinetune.local.runner.OwnMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs manifests in a cluster of their own until every run is Ready, or one never will be. */
@Command(
        name = "run",
        description = {
            "Run manifests on this machine: starts a cluster in this process, applies the manifests, and waits until every"
                    + " SafeFineTune and SecurityVector is Ready.",
            "Stopped with Ctrl-C, the same command goes on at the stage where it stopped."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every run is Ready",
            "1:a run has failed, or a manifest was refused",
            "2:the command line is wrong",
            "130:stopped with Ctrl-C"
        })
public final class RunCommand implements Callable<Integer> {
    private static final int READY = 0;
    private static final int FAILED = 1;
    private static final long MEBIBYTE = 1L << 20;

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE|DIR",
            description = "Manifests, in this order; of a directory its *.yaml files by name. May be repeated.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where the cluster keeps everything (default: build/local-cluster/<name of the manifests>).")
    private @Nullable Path state;

    @Option(names = "--clean", description = "Start anew: delete what an earlier run left in the state directory.")
    private boolean clean;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description =
                    "Copy report.json and report.html of the last model there, also of one that was refused, and the public"
                            + " keys of its signature.")
    private @Nullable Path report;

    @Option(names = "--figures", description = "At the end, print the peak memory of every process.")
    private boolean figures;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        List<Manifest> manifests = read();
        List<Problem> problems = problems(manifests);
        if (!problems.isEmpty()) {
            problems.forEach(p -> System.out.println(p.text()));
            return FAILED;
        }
        Path directory = stateDirectory();
        if (clean) {
            StateLock.requireOurs(directory);
            Directories.delete(directory);
        }
        Installation installation = Installation.find();
        Display display = new Display(
                System.out, System.console() != null && System.console().isTerminal());
        try (StateLock lock = StateLock.take(directory);
                Session session = Session.start(installation, directory)) {
            return run(session, manifests, display);
        } catch (RefusedException | StateLock.TakenException e) {
            display.print("refused: " + e.getMessage());
            return FAILED;
        }
    }

    private List<Manifest> read() {
        try {
            List<Manifest> manifests = Manifest.read(paths);
            if (manifests.stream().noneMatch(Manifest::isRun)) {
                throw new IOException("no SafeFineTune and no SecurityVector in " + paths);
            }
            return manifests;
        } catch (IOException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Faults that can be told with their line, before anything is started. */
    private static List<Problem> problems(List<Manifest> manifests) {
        Validator validator = new Validator();
        return manifests.stream()
                .map(Manifest::file)
                .distinct()
                .flatMap(file -> validator.validate(file).stream())
                .toList();
    }

    private Path stateDirectory() {
        if (state != null) {
            return state.toAbsolutePath().normalize();
        }
        String name = paths.getFirst()
                .toAbsolutePath()
                .normalize()
                .getFileName()
                .toString()
                .replaceFirst("\\.ya?ml$", "");
        return Path.of("build", "local-cluster", name).toAbsolutePath().normalize();
    }

    private int run(Session session, List<Manifest> manifests, Display display)
            throws RefusedException, InterruptedException, IOException {
        session.onInterrupt(() -> display.print("stopped; the same command goes on where it stopped"));
        Application application = new Application(session.client());
        application.installDefinitions();
        List<Manifest> runs = manifests.stream().filter(Manifest::isRun).toList();
        Map<Manifest, RunState> states;
        try (EventStream events = new EventStream(session.client(), display)) {
            application.apply(manifests);
            display.say("%d manifests applied; state in %s".formatted(manifests.size(), session.directory()));
            session.startOperator();
            states = new Watchman(session.client(), display, session::isOperatorRunning).follow(runs);
        }
        boolean ready = states.values().stream().allMatch(RunState::ready);
        if (!ready) {
            explain(session, states, display);
        }
        showReport(session, states, display);
        if (figures) {
            display.print(figures(session));
        }
        return ready ? READY : FAILED;
    }

    private static void explain(Session session, Map<Manifest, RunState> states, Display display) {
        states.forEach((run, state) -> {
            if (state.failure() != null) {
                display.print("%s failed: %s".formatted(run, state.failure()));
            } else if (!state.ready()) {
                display.print("%s is not Ready: %s".formatted(run, state.phase()));
            }
        });
        if (!session.isOperatorRunning()) {
            display.print("the operator died too often; the end of its log:\n" + session.operatorsLastWords());
        }
        display.print("logs of the trainer's pods: " + session.directory().resolve("pods"));
    }

    private void showReport(Session session, Map<Manifest, RunState> states, Display display) throws IOException {
        KeptReport last = null;
        for (Map.Entry<Manifest, RunState> each : states.entrySet()) {
            Optional<KeptReport> found = KeptReport.of(
                    session.client(), each.getKey().namespace(), each.getValue().report());
            if (found.isPresent()) {
                last = found.get();
                display.print("report of %s: %s".formatted(each.getKey(), last.page()));
            }
        }
        if (last == null) {
            return;
        }
        if (report != null) {
            last.copyTo(report);
            display.print("report: " + report.resolve("report.html"));
            if (PublicKeys.copyTo(session.client(), report)) {
                display.print("verify: safe-fine-tune verify %s --key %s"
                        .formatted(last.page().getParent(), report.resolve(PublicKeys.DIRECTORY)));
            }
        }
        display.print("\n" + last.table());
    }

    private static String figures(Session session) {
        StringBuilder text = new StringBuilder("largest resident set of each process, in MiB\n");
        text.append("%7d  operator%n".formatted(session.operatorPeakBytes() / MEBIBYTE));
        text.append(
                "%7d  this command, with the API server and the runner%n".formatted(OwnMemory.peakBytes() / MEBIBYTE));
        session.peakMemory().forEach((pod, bytes) -> text.append("%7d  pod %s%n".formatted(bytes / MEBIBYTE, pod)));
        return text.toString();
    }
}
