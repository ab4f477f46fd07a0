package dev.safefinetune.attest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.PublishedFiles;
import java.time.Instant;
import java.util.List;

/**
 * The platform's statement about a published model (in-toto attestation v1, statement.md).
 *
 * @param type always {@value #TYPE}
 * @param subject the model's files, which were judged, and the list of all files that were published with them
 * @param predicateType always that of {@link TestResult}
 * @param predicate the verdict
 */
public record Statement(
        @JsonProperty("_type") String type,
        List<ResourceDescriptor> subject,
        String predicateType,
        TestResult predicate) {
    static final String TYPE = "https://in-toto.io/Statement/v1";

    /** The subject that was judged. */
    public static final String MODEL = "model";

    public Statement {
        if (!TYPE.equals(type) || !TestResult.TYPE.equals(predicateType)) {
            throw new IllegalArgumentException("it must be a statement " + TYPE + " with the predicate "
                    + TestResult.TYPE + ", was " + type + " with " + predicateType);
        }
        subject = List.copyOf(subject);
        if (predicate == null) {
            throw new IllegalArgumentException("the predicate is missing");
        }
    }

    /** The statement about files of which the model's were judged. */
    public static Statement of(Listing files, TestResult verdict) {
        return new Statement(TYPE, subjects(files), TestResult.TYPE, verdict);
    }

    private static List<ResourceDescriptor> subjects(Listing files) {
        return List.of(
                ResourceDescriptor.of(MODEL, files.modelDigest()),
                ResourceDescriptor.of(PublishedFiles.MANIFEST, files.digest()));
    }

    /** The statement as a file. */
    public String sign(SigningKey key) {
        return ContractJson.write(Envelope.sign(Canonical.write(this), key));
    }

    /**
     * Reads a statement's file.
     *
     * @param now at which its key has to be valid
     * @throws AttestException where it is not one that a key of the ring has signed, or is written otherwise
     */
    public static Statement open(byte[] file, KeyRing ring, Instant now) throws AttestException {
        Envelope envelope = Canonical.read("the envelope", file, Envelope.class);
        VerifyingKey key = ring.require(envelope.signatures().getFirst().keyid(), now);
        return Canonical.read("the statement", envelope.open(key), Statement.class);
    }

    /**
     * Checks that it is about these files.
     *
     * @throws AttestException where it is about others
     */
    void requireSubject(Listing files) throws AttestException {
        if (!subject.equals(subjects(files))) {
            boolean same = subject.stream().anyMatch(each -> each.name().equals(MODEL) && each.is(files.modelDigest()));
            throw new AttestException(
                    same
                            ? "it is about this model with other files beside it"
                            : "it is about another model: here lies " + files.modelDigest());
        }
    }
}
