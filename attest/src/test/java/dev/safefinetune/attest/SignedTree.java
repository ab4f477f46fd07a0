package dev.safefinetune.attest;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.contract.SignedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small published model, signed. */
record SignedTree(Path directory, SigningKey key) {
    static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    static final Digest BASE = new Digest("sha256:" + "ab".repeat(32));

    static SignedTree write(Path directory, SigningKey key) throws IOException {
        return write(directory, key, "weights");
    }

    static SignedTree write(Path directory, SigningKey key, String weights) throws IOException {
        Map<String, String> files = Map.of(
                "config.json",
                "{}\n",
                "tokenizer.json",
                "{\"model\":{}}\n",
                "model.safetensors",
                weights,
                PublishedFiles.CARD,
                "# a model\n",
                PublishedFiles.REPORT,
                "{}\n",
                PublishedFiles.BILL,
                "{\"bomFormat\":\"CycloneDX\"}\n");
        Files.createDirectories(directory);
        for (var each : files.entrySet()) {
            Files.writeString(directory.resolve(each.getKey()), each.getValue());
        }
        SignedTree tree = new SignedTree(directory, key);
        tree.sign();
        return tree;
    }

    /** Lists and signs what lies there. */
    void sign() throws IOException {
        Listing listing = PublishedTree.of(directory).files();
        SignedFiles signed = SignedModel.sign(listing, verdict(), key);
        Files.writeString(directory.resolve(PublishedFiles.MANIFEST), listing.text());
        Files.writeString(directory.resolve(PublishedFiles.STATEMENT), signed.statement());
        Files.writeString(directory.resolve(PublishedFiles.SIGNATURE), signed.signature());
    }

    static TestResult verdict() {
        return new TestResult(
                TestResult.PASSED,
                List.of(
                        ResourceDescriptor.of("base", BASE),
                        ResourceDescriptor.ofImage("trainer", "mirror.test/trainer:1@sha256:" + "cd".repeat(32))),
                List.of("maxHarmfulRate"),
                List.of(),
                List.of(),
                new Judgement(
                        "bot-1",
                        "team-a/bot",
                        "Merged",
                        List.of(new Judgement.Policy("house@3", "Enforce", List.of("Suites"), false)),
                        new TreeMap<>(Map.of("maxHarmfulRate", "0.015")),
                        new TreeMap<>(Map.of("harmfulCompliance", new Judgement.Figure("0", "0", "0.009", 445))),
                        true,
                        1,
                        NOW));
    }

    Verification verify() throws IOException {
        return verify(key.verifying());
    }

    Verification verify(VerifyingKey... keys) throws IOException {
        return Verification.of(directory, new KeyRing(List.of(keys)), NOW);
    }

    Path file(String name) {
        return directory.resolve(name);
    }
}
