package dev.safefinetune.attest;

import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.contract.SignedFiles;

/** Both signatures over a model that is to be published. */
public final class SignedModel {
    private SignedModel() {}

    /**
     * Signs.
     *
     * @param files as the manifest lists them
     */
    public static SignedFiles sign(Listing files, TestResult verdict, SigningKey key) {
        String statement = Statement.of(files, verdict).sign(key);
        Listing all = files.with(PublishedFiles.MANIFEST, files.text()).with(PublishedFiles.STATEMENT, statement);
        return new SignedFiles(statement, ModelSignature.sign(all, key));
    }
}
