package dev.safefinetune.contract;

/**
 * What the operator answers to a {@link SigningRequest}: two files that are written as they stand.
 *
 * @param statement {@link PublishedFiles#STATEMENT}
 * @param signature {@link PublishedFiles#SIGNATURE}
 */
public record SignedFiles(String statement, String signature) {
    public SignedFiles {
        Require.text("statement", statement);
        Require.text("signature", signature);
    }
}
