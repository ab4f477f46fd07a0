package dev.safefinetune.contract;

/**
 * What the publish stage sends to the operator before anything becomes visible.
 *
 * @param manifest digests of all files that are to be published, as {@link PublishedFiles#MANIFEST} holds them
 */
public record SigningRequest(String manifest) {
    /** Longest one in bytes: a model has tens of files, not thousands. */
    public static final int MOST_BYTES = 64 * 1024;

    /** What the operator's address for a run's progress is followed by. */
    public static final String PATH = "/signature";

    public SigningRequest {
        Require.text("manifest", manifest);
    }
}
