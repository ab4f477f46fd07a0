package dev.safefinetune.cli.attest;

import dev.safefinetune.attest.AttestException;
import dev.safefinetune.attest.Judgement;
import dev.safefinetune.attest.KeyRing;
import dev.safefinetune.attest.Statement;
import dev.safefinetune.attest.Verification;
import dev.safefinetune.contract.ContractJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Whether a published model is what the platform has signed, offline. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Check a published model offline: every file by its digest, no file more, both signatures, and that the statement"
                    + " is about this very model.",
            "What was checked is told, and what was not."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the model is what was signed",
            "1:it is not, or nobody has signed it",
            "2:the command line is wrong, or a key or the directory cannot be read"
        })
public final class VerifyCommand implements Callable<Integer> {
    enum Output {
        PLAIN,
        JSON
    }

    @Parameters(paramLabel = "DIR", description = "The published model.")
    private Path directory = Path.of("");

    @Option(
            names = "--key",
            required = true,
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = {
                "Public keys as PEM, each of which is believed; of a directory its *.pub and *.pem files. May be repeated.",
                "A line 'notAfter: <time>' before the key ends it."
            })
    private List<Path> keys = new ArrayList<>();

    @Option(names = "--output", paramLabel = "plain|json", description = "Form of the answer (default: plain).")
    private Output output = Output.PLAIN;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private final InstantSource clock;

    public VerifyCommand() {
        this(InstantSource.system());
    }

    VerifyCommand(InstantSource clock) {
        this.clock = clock;
    }

    /** The answer in JSON. */
    record Answer(
            boolean verified,
            String directory,
            List<String> checked,
            List<String> problems,
            List<String> notChecked,
            @Nullable Statement statement) {}

    @Override
    public Integer call() {
        if (!Files.isDirectory(directory)) {
            throw new CommandLine.ParameterException(spec.commandLine(), directory + " is no directory");
        }
        Verification verification;
        try {
            KeyRing ring = KeyFiles.read(keys);
            verification = Verification.of(directory, ring, clock.instant());
        } catch (AttestException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (MalformedInputException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "a key file must be PEM", e);
        } catch (IOException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "cannot be read: " + e.getMessage(), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (output == Output.JSON) {
            out.println(ContractJson.writePretty(new Answer(
                    verification.isVerified(),
                    directory.toString(),
                    verification.checked(),
                    verification.problems(),
                    Verification.NOT_CHECKED,
                    verification.statement())));
        } else {
            plain(out, verification);
        }
        out.flush();
        return verification.isVerified() ? 0 : 1;
    }

    private void plain(PrintWriter out, Verification verification) {
        verification.checked().forEach(line -> out.println("checked: " + line));
        Statement statement = verification.statement();
        if (statement != null) {
            Judgement judgement = statement.predicate().judgement();
            out.println("signed: run " + judgement.run() + " of " + judgement.resource() + " passed, signed "
                    + judgement.signedAt() + "; policies "
                    + (judgement.policies().isEmpty()
                            ? "none"
                            : judgement.policies().stream()
                                    .map(VerifyCommand::said)
                                    .collect(Collectors.joining(", "))));
            judgement
                    .figures()
                    .forEach((name, figure) -> out.println("signed: " + name + " " + figure.rate() + " ("
                            + figure.lower95() + " to " + figure.upper95() + ", n = " + figure.n() + ")"));
        }
        Verification.NOT_CHECKED.forEach(line -> out.println("not checked: " + line));
        verification.problems().forEach(line -> out.println("WRONG: " + line));
        out.println(directory + (verification.isVerified() ? ": verified" : ": NOT verified"));
    }

    /** With what it was not held to: a passed model of a waived rule is no model that keeps it. */
    private static String said(Judgement.Policy policy) {
        String waived = policy.waived().isEmpty() ? "" : "waived " + String.join(" and ", policy.waived());
        String broken = policy.broken() ? "broken, and only " + policy.enforcement() : "";
        String but = Stream.of(waived, broken).filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
        return policy.policy() + (but.isEmpty() ? "" : " (" + but + ")");
    }
}
