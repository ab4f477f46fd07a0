package dev.safefinetune.attest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.PublishedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What verify accepts, and all that it does not. */
class VerificationTest {
    private static final int FLIPS = 10_000;
    private static final int BITS = 8;

    @TempDir
    Path folder;

    private final SigningKey key = SigningKey.generate();
    private SignedTree tree = new SignedTree(Path.of(""), key);

    @BeforeEach
    void publish() throws IOException {
        tree = SignedTree.write(folder.resolve("model"), key);
        assertThat(tree.verify().problems()).isEmpty();
    }

    private void refused(String why) throws IOException {
        assertThat(tree.verify().problems())
                .anySatisfy(problem -> assertThat(problem).contains(why));
    }

    @Test
    void aSignedModelIsVerifiedAndWhatWasCheckedIsTold() throws IOException {
        Verification verification = tree.verify();
        assertThat(verification.isVerified()).isTrue();
        assertThat(verification.checked())
                .hasSize(5)
                .anySatisfy(line -> assertThat(line).contains("each of the 6 files"));
        Statement statement = java.util.Objects.requireNonNull(verification.statement());
        assertThat(statement.predicate()).isEqualTo(SignedTree.verdict());
        assertThat(statement.subject().getFirst().digest())
                .isEqualTo(ResourceDescriptor.of(
                                "model",
                                PublishedTree.of(tree.directory()).files().modelDigest())
                        .digest());
    }

    @Tag("long")
    @Test
    void everySingleBitFlipIsRefused() throws IOException {
        List<Path> files = files();
        Random random = new Random(20);
        int refused = 0;
        for (int flip = 0; flip < FLIPS; flip++) {
            // Each file as often as every other: what signs counts as much as what is signed.
            Path file = files.get(flip % files.size());
            byte[] good = Files.readAllBytes(file);
            byte[] bad = good.clone();
            bad[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(BITS));
            Files.write(file, bad);
            refused += tree.verify().isVerified() ? 0 : 1;
            Files.write(file, good);
        }
        assertThat(refused).isEqualTo(FLIPS);
        assertThat(tree.verify().isVerified()).isTrue();
    }

    /** Spare bits of base64, white space, other numbers for the same value: by chance, few of them are hit above. */
    @Test
    void everyBitOfTheSignaturesCounts() throws IOException {
        for (String name : List.of(PublishedFiles.STATEMENT, PublishedFiles.SIGNATURE)) {
            byte[] good = Files.readAllBytes(tree.file(name));
            int from = good.length - 300;
            for (int bit = from * BITS; bit < good.length * BITS; bit++) {
                byte[] bad = good.clone();
                bad[bit / BITS] ^= (byte) (1 << bit % BITS);
                Files.write(tree.file(name), bad);
                assertThat(tree.verify().isVerified())
                        .as("%s, bit %d", name, bit)
                        .isFalse();
            }
            Files.write(tree.file(name), good);
        }
    }

    @Test
    void whiteSpaceOrderAndSecondKeysAreRefused() throws IOException {
        for (String name : List.of(PublishedFiles.STATEMENT, PublishedFiles.SIGNATURE)) {
            String good = Files.readString(tree.file(name));
            for (String bad : List.of(
                    good + "\n",
                    good.replaceFirst(":", ": "),
                    good.replaceFirst("\\{", "{\"payloadType\":\"x\","),
                    good.replaceFirst("\"keyid\":(\"[0-9a-f]+\"),\"sig\":(\"[^\"]+\")", "\"sig\":$2,\"keyid\":$1"),
                    good.replaceFirst("application/vnd", "\\\\u0061pplication/vnd"))) {
                assertThat(bad).isNotEqualTo(good);
                Files.writeString(tree.file(name), bad);
                refused(name);
            }
            Files.writeString(tree.file(name), good);
        }
    }

    @Test
    void extraMissingRenamedAndLinkedFilesAreRefused() throws IOException {
        Files.createDirectories(tree.file("code"));
        refused("code is an empty directory");
        Files.writeString(tree.file("code/modeling.py"), "print()");
        refused("code/modeling.py is not listed");
        Files.delete(tree.file("code/modeling.py"));
        Files.delete(tree.file("code"));

        Files.move(tree.file("config.json"), tree.file("other.json"));
        refused("config.json is missing; other.json is not listed");
        Files.createSymbolicLink(tree.file("config.json"), tree.file("other.json"));
        refused("config.json is a link");
        Files.delete(tree.file("config.json"));
        Files.move(tree.file("other.json"), tree.file("config.json"));

        Path away = folder.resolve("manifest");
        Files.move(tree.file(PublishedFiles.MANIFEST), away);
        Files.createSymbolicLink(tree.file(PublishedFiles.MANIFEST), away);
        refused("manifest.sha256 is a link");
        Files.delete(tree.file(PublishedFiles.MANIFEST));
        refused("manifest.sha256: it is missing");
        Files.move(away, tree.file(PublishedFiles.MANIFEST));
        for (String name : List.of(PublishedFiles.STATEMENT, PublishedFiles.SIGNATURE, "model.safetensors")) {
            Files.move(tree.file(name), away);
            refused(name);
            Files.move(away, tree.file(name));
        }
        assertThat(tree.verify().isVerified()).isTrue();
    }

    @Test
    void aStatementOfAnotherModelIsRefused() throws IOException {
        SignedTree other = SignedTree.write(folder.resolve("other"), key, "other weights");
        for (String name : List.of(PublishedFiles.STATEMENT, PublishedFiles.SIGNATURE)) {
            Files.copy(other.file(name), tree.file(name), StandardCopyOption.REPLACE_EXISTING);
        }
        refused("it is about another model");
        tree.sign();
        Files.writeString(tree.file(PublishedFiles.CARD), "# better than it is\n");
        Files.writeString(
                tree.file(PublishedFiles.MANIFEST),
                PublishedTree.of(tree.directory()).files().text());
        refused("it is about this model with other files beside it");
        refused("it is over other files than lie here");
    }

    @Test
    void anUnknownKeyAndOneThatHasEndedAreRefused() throws Exception {
        VerifyingKey stranger = SigningKey.generate().verifying();
        assertThat(tree.verify(stranger).problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains("which is none of the 1 that were named"));
        String pem = key.verifying().pem();
        VerifyingKey ended = VerifyingKey.parse("old", "notAfter: " + SignedTree.NOW + "\n" + pem);
        assertThat(tree.verify(ended).problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains("which ended at 2026-05-01T12:00:00Z"));
        VerifyingKey later =
                VerifyingKey.parse("new", "notAfter: " + SignedTree.NOW.plus(Duration.ofSeconds(1)) + "\n" + pem);
        // While a key takes another's place, both hold.
        assertThat(tree.verify(stranger, later).isVerified()).isTrue();
    }

    /** Of each signature there is another one, which anybody can compute. */
    @Test
    void theOtherSignatureOfTheSameBytesIsRefused() throws IOException {
        String good = Files.readString(tree.file(PublishedFiles.STATEMENT));
        byte[] der = java.util.Base64.getDecoder().decode(good.replaceAll(".*\"sig\":\"([^\"]+)\".*", "$1"));
        java.math.BigInteger s = new java.math.BigInteger(java.util.Arrays.copyOfRange(der, 6 + der[3], der.length));
        byte[] other = EcdsaSignature.ORDER.subtract(s).toByteArray();
        byte[] twin = java.util.Arrays.copyOf(der, 6 + der[3] + other.length);
        System.arraycopy(other, 0, twin, 6 + der[3], other.length);
        twin[5 + der[3]] = (byte) other.length;
        twin[1] = (byte) (twin.length - 2);
        String encoded = Envelope.encode(twin);
        Files.writeString(
                tree.file(PublishedFiles.STATEMENT),
                good.replaceAll("\"sig\":\"[^\"]+\"", "\"sig\":\"" + encoded + "\""));
        refused("the signature of the key");
    }

    @Test
    void whatAHostileFileSaysReachesNoTerminal() throws IOException {
        Files.writeString(tree.file(PublishedFiles.MANIFEST), "0".repeat(64) + "  \u001b[2Jx\u202e\n");
        assertThat(tree.verify().problems().toString()).doesNotContain("\u001b").doesNotContain("\u202e");
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> inside = Files.list(tree.directory())) {
            return inside.sorted().toList();
        }
    }
}
