package dev.safefinetune.cli.attest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.attest.Judgement;
import dev.safefinetune.attest.Listing;
import dev.safefinetune.attest.SignedModel;
import dev.safefinetune.attest.SigningKey;
import dev.safefinetune.attest.TestResult;
import dev.safefinetune.cli.SafeFineTuneCommand;
import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.contract.SignedFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands keygen and verify, as they are typed. */
class VerifyCommandTest {
    private static final Instant THEN = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path model = Path.of("");

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new SafeFineTuneCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int verify(String... more) {
        String[] arguments = new String[2 + more.length];
        arguments[0] = "verify";
        arguments[1] = model.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return run(arguments);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    @BeforeEach
    void publish() throws Exception {
        assertThat(run("keygen", "--output", path("house"))).isZero();
        model = Files.createDirectories(folder.resolve("model"));
        Map<String, String> files = new TreeMap<>();
        for (String name : List.of("config.json", "model.safetensors", "README.md")) {
            Files.writeString(model.resolve(name), name);
            files.put(
                    name,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256")
                                    .digest(name.getBytes(StandardCharsets.UTF_8))));
        }
        Judgement judgement = new Judgement(
                "bot-1",
                "team-a/bot",
                "Merged",
                List.of(new Judgement.Policy("house@3", "Enforce", List.of("Suites"), false)),
                new TreeMap<>(Map.of("maxHarmfulRate", "0.015")),
                new TreeMap<>(Map.of("secured", new Judgement.Figure("0", "0", "0.009", 445))),
                true,
                1,
                THEN);
        SigningKey key = SigningKey.parse(
                Files.readString(folder.resolve("house.key")), Files.readString(folder.resolve("house.pub")));
        Listing listing = Listing.of(files);
        SignedFiles signed = SignedModel.sign(
                listing,
                new TestResult("PASSED", List.of(), List.of("maxHarmfulRate"), List.of(), List.of(), judgement),
                key);
        Files.writeString(model.resolve(PublishedFiles.MANIFEST), listing.text());
        Files.writeString(model.resolve(PublishedFiles.STATEMENT), signed.statement());
        Files.writeString(model.resolve(PublishedFiles.SIGNATURE), signed.signature());
    }

    @Test
    void aSignedModelIsVerifiedAndWhatWasNotCheckedIsTold() {
        assertThat(verify("--key", path("house.pub"))).isZero();
        assertThat(out.toString())
                .contains("checked: manifest.sha256 lists each of the 3 files")
                .contains("signed: run bot-1 of team-a/bot passed")
                .contains("not checked: that the verdict is right")
                .endsWith("model: verified" + System.lineSeparator());
        assertThat(verify("--key", path("house.pub"), "--output", "json")).isZero();
        assertThat(out.toString())
                .contains("\"verified\" : true")
                .contains("\"notChecked\" :")
                .contains("in-toto");
    }

    @Test
    void whatIsNotAsItWasSignedEndsWithOne() throws IOException {
        Files.writeString(model.resolve("modeling.py"), "print()");
        assertThat(verify("--key", path("house.pub"))).isEqualTo(1);
        assertThat(out.toString())
                .contains("WRONG: manifest.sha256: modeling.py is not listed")
                .contains("NOT verified");
        assertThat(verify("--key", path("house.pub"), "--output", "json")).isEqualTo(1);
        assertThat(out.toString()).contains("\"verified\" : false");
    }

    @Test
    void keysMayBeSeveralAndADirectoryAndEachMayEnd() throws IOException {
        assertThat(run("keygen", "--output", path("next"))).isZero();
        assertThat(verify("--key", path("next.pub"))).isEqualTo(1);
        assertThat(verify("--key", path("next.pub"), "--key", path("house.pub")))
                .isZero();
        assertThat(verify("--key", folder.toString())).isZero();
        Path ended = folder.resolve("house.pub");
        Files.writeString(ended, "notAfter: 2026-05-02T00:00:00Z\n" + Files.readString(ended));
        assertThat(verify("--key", ended.toString())).isEqualTo(1);
        assertThat(out.toString()).contains("which ended at 2026-05-02T00:00:00Z");
    }

    @Test
    void aWrongCommandLineEndsWithTwo() throws IOException {
        assertThat(verify()).isEqualTo(2);
        assertThat(run("verify", path("nothing"), "--key", path("house.pub"))).isEqualTo(2);
        assertThat(verify("--key", path("nothing.pub"))).isEqualTo(2);
        assertThat(verify("--key", path("house.key"))).isEqualTo(2);
        assertThat(err.toString()).contains("must be PEM with a block 'PUBLIC KEY', and has 'PRIVATE KEY'");
        assertThat(verify(
                        "--key",
                        Files.createDirectories(folder.resolve("empty")).toString()))
                .isEqualTo(2);
    }

    @Test
    void aKeyIsItsOwnersAloneAndNeverWrittenOver() throws IOException {
        Path key = folder.resolve("house.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        String before = Files.readString(key);
        assertThat(run("keygen", "--output", path("house"))).isEqualTo(1);
        assertThat(err.toString()).contains("house.key is there already");
        Files.delete(key);
        assertThat(run("keygen", "--output", path("house"))).isEqualTo(1);
        assertThat(key).doesNotExist();
        assertThat(before).startsWith("-----BEGIN PRIVATE KEY-----");
        assertThat(out.toString() + err).doesNotContain("BEGIN PRIVATE");
    }
}
