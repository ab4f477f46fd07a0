package dev.safefinetune.cli.attest;

import dev.safefinetune.attest.SigningKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a pair of keys. It writes over nothing: a key that is lost takes every signature with it. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        description = {
            "Make a key to sign models with: NAME.key (PKCS#8, readable by you alone) and NAME.pub, both PEM, ECDSA P-256.",
            "No file is written over. The operator takes the pair from a Secret with the keys signing.key and signing.pub."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:both files are written", "1:one of them is there already, or cannot be written"})
public final class KeygenCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "NAME",
            defaultValue = "signing",
            description = "Path of both files without their endings (default: ${DEFAULT-VALUE}).")
    private Path name = Path.of("signing");

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Path privateFile = name.resolveSibling(name.getFileName() + ".key");
        Path publicFile = name.resolveSibling(name.getFileName() + ".pub");
        SigningKey key = SigningKey.generate();
        PrintWriter out = spec.commandLine().getOut();
        for (Path file : new Path[] {privateFile, publicFile}) {
            if (Files.exists(file)) {
                return refuse(file + " is there already; name another place with --output");
            }
        }
        try {
            write(privateFile, key.pem(), "rw-------");
            write(publicFile, key.verifying().pem(), "rw-r--r--");
        } catch (FileAlreadyExistsException e) {
            return refuse(e.getFile() + " is there already; name another place with --output");
        } catch (IOException e) {
            return refuse(privateFile + " cannot be written: " + e.getClass().getSimpleName());
        }
        out.println("key " + key.verifying().id());
        out.println("private: " + privateFile);
        out.println("public:  " + publicFile);
        out.flush();
        return 0;
    }

    private int refuse(String why) {
        spec.commandLine().getErr().println(why);
        spec.commandLine().getErr().flush();
        return 1;
    }

    /** With its permissions from the first moment on. */
    private static void write(Path file, String text, String permissions) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
    }
}
