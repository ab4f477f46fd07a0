package dev.safefinetune.cli.validate;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges manifests with no cluster and no model. Exit code 0 when all are right, 1 with every fault listed. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Judge manifests as an API server and the operator would, with no cluster and no model.",
            "Every fault is listed as FILE:LINE: FIELD: VALUE: what would be right.",
            "What a policy would refuse that is not enforced is a warning, and no fault."
        })
public final class ValidateCommand implements Callable<Integer> {
    @Option(
            names = {"-f", "--filename"},
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML files, or directories of them; several documents a file are fine.")
    private List<Path> named = new ArrayList<>();

    @Option(
            names = "--policy",
            arity = "1..*",
            paramLabel = "FILE",
            description = {
                "YAML files, or directories of them, with SafeFineTunePolicy manifests.",
                "Each is held as if it selected the namespace of every manifest."
            })
    private List<Path> policies = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PolicyFiles held = PolicyFiles.named(policies);
        Validator validator = new Validator(held.policies());
        List<Path> files = YamlFile.in(named);
        List<Problem> problems = new ArrayList<>(held.problems());
        for (Path file : files) {
            problems.addAll(validator.validate(file));
        }
        PrintWriter out = spec.commandLine().getOut();
        problems.forEach(problem -> out.println(problem.text()));
        int warnings = (int) problems.stream().filter(Problem::warns).count();
        int faults = problems.size() - warnings;
        String in = count(files.size(), "file");
        out.println((faults == 0 ? in + " without a fault" : count(faults, "fault") + " in " + in)
                + (warnings == 0 ? "" : ", " + count(warnings, "warning")));
        out.flush();
        return faults == 0 ? 0 : 1;
    }

    private static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
