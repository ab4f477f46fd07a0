package dev.safefinetune.attest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.PublishedFiles;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The signature of a model in the format of the OpenSSF (model signing 1.0), which its reference verifier accepts: a
 * Sigstore bundle with one DSSE envelope, in which an in-toto statement lists every file. It ignores itself and nothing
 * else.
 */
public final class ModelSignature {
    /** The directory has another name wherever it is copied; no verifier asks for this one. */
    private static final String NAME = "model";

    private ModelSignature() {}

    record Bundle(String mediaType, Material verificationMaterial, Envelope dsseEnvelope) {
        static final String TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

        /** No transparency log is asked: there is none in a cluster without a network. */
        record Material(KeyHint publicKey, List<String> tlogEntries) {}

        record KeyHint(String hint) {}
    }

    record Payload(
            @JsonProperty("_type") String type,
            List<ResourceDescriptor> subject,
            String predicateType,
            Files predicate) {
        static final String TYPE = "https://model_signing/signature/v1.0";

        record Files(Serialization serialization, List<Resource> resources) {}

        record Serialization(
                String method,
                @JsonProperty("hash_type") String hashType,
                @JsonProperty("allow_symlinks") boolean allowLinks,
                @JsonProperty("ignore_paths") List<String> ignored) {}

        record Resource(String name, String algorithm, String digest) {}
    }

    /**
     * The signature as a file.
     *
     * @param files all but the signature
     */
    public static String sign(Listing files, SigningKey key) {
        return ContractJson.write(bundle(Envelope.sign(payload(files), key), key.verifying()));
    }

    /**
     * Checks the file of a signature.
     *
     * @throws AttestException where it is not one over exactly these files, or is written otherwise
     */
    static void require(byte[] file, Listing files, KeyRing ring, java.time.Instant now) throws AttestException {
        Bundle read = Canonical.read("the bundle", file, Bundle.class);
        Envelope envelope = read.dsseEnvelope();
        if (envelope == null) {
            throw new AttestException("the bundle has no envelope");
        }
        VerifyingKey key = ring.require(envelope.signatures().getFirst().keyid(), now);
        if (!read.equals(bundle(envelope, key))) {
            throw new AttestException("the bundle is of another kind, or names another key than its envelope");
        }
        if (!Arrays.equals(envelope.open(key), payload(files))) {
            throw new AttestException("it is over other files than lie here");
        }
    }

    private static Bundle bundle(Envelope envelope, VerifyingKey key) {
        return new Bundle(Bundle.TYPE, new Bundle.Material(new Bundle.KeyHint(key.hint()), List.of()), envelope);
    }

    private static byte[] payload(Listing files) {
        MessageDigest all = Sha256.digest();
        files.files().values().forEach(hex -> all.update(HexFormat.of().parseHex(hex)));
        String root = HexFormat.of().formatHex(all.digest());
        return Canonical.write(new Payload(
                Statement.TYPE,
                List.of(new ResourceDescriptor(NAME, null, java.util.Map.of("sha256", root))),
                Payload.TYPE,
                new Payload.Files(
                        new Payload.Serialization("files", "sha256", false, List.of(PublishedFiles.SIGNATURE)),
                        files.files().entrySet().stream()
                                .map(each -> new Payload.Resource(each.getKey(), "sha256", each.getValue()))
                                .toList())));
    }
}
