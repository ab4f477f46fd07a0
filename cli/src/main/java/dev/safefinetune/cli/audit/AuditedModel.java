package dev.safefinetune.cli.audit;

import dev.safefinetune.attest.AttestException;
import dev.safefinetune.attest.KeyRing;
import dev.safefinetune.attest.Listing;
import dev.safefinetune.attest.Verification;
import dev.safefinetune.contract.PublishedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory with weights.
 *
 * @param place its path
 * @param digest of the model as its manifest has it; empty where it has none
 * @param statement whether it has one
 */
record AuditedModel(String place, String digest, String statement) {
    private static final String WEIGHTS = ".safetensors";

    /**
     * All that lie in a directory.
     *
     * @param ring keys that statements are checked with; absent: it is only seen whether there is one
     */
    static List<AuditedModel> in(Path directory, @Nullable KeyRing ring, Instant now) throws IOException {
        List<AuditedModel> models = new ArrayList<>();
        List<Path> directories;
        try (var inside = Files.walk(directory)) {
            directories = inside.filter(Files::isDirectory).sorted().toList();
        }
        for (Path each : directories) {
            if (holdsWeights(each)) {
                models.add(new AuditedModel(each.toString(), digest(each), statement(each, ring, now)));
            }
        }
        return models;
    }

    private static boolean holdsWeights(Path directory) throws IOException {
        try (var inside = Files.list(directory)) {
            return inside.anyMatch(file -> file.toString().endsWith(WEIGHTS) && Files.isRegularFile(file));
        }
    }

    private static String digest(Path directory) throws IOException {
        Path manifest = directory.resolve(PublishedFiles.MANIFEST);
        if (!Files.isRegularFile(manifest)) {
            return "";
        }
        try {
            return Listing.parse(Files.readString(manifest)).modelDigest().value();
        } catch (AttestException e) {
            return "";
        }
    }

    private static String statement(Path directory, @Nullable KeyRing ring, Instant now) throws IOException {
        if (!Files.isRegularFile(directory.resolve(PublishedFiles.STATEMENT))) {
            return "missing";
        }
        if (ring == null) {
            return "not verified: no --key";
        }
        Verification verification = Verification.of(directory, ring, now);
        return verification.isVerified()
                ? "verified"
                : "WRONG: " + verification.problems().getFirst();
    }
}
