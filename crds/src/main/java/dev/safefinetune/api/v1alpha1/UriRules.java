package dev.safefinetune.api.v1alpha1;

/** The grammar of fields that name a place, as CEL rules with their messages. Annotations take constants alone. */
final class UriRules {
    static final int MAX_LENGTH = 1024;

    /** A place to read from. */
    static final String READ = "self.matches('^(pvc|hf|s3|oci|https)://[!-~]+$')";

    static final String READ_MESSAGE =
            "uri must start with pvc://, hf://, s3://, oci:// or https://, such as pvc://claim/path, in printable ASCII without spaces";

    /** A place to write to. */
    static final String WRITTEN = "self.matches('^(pvc|hf|s3|oci)://[!-~]+$')";

    static final String WRITTEN_MESSAGE =
            "uri must start with pvc://, hf://, s3:// or oci://, such as pvc://claim/path, in printable ASCII without spaces";

    static final String CLAIM =
            "!self.startsWith('pvc://') || self.matches('^pvc://[a-z0-9]([-a-z0-9.]*[a-z0-9])?(/[^/ ]+)*/?$')";

    static final String CLAIM_MESSAGE =
            "a pvc:// URI must be pvc://claim or pvc://claim/path, with the name of a PersistentVolumeClaim of the same namespace";

    static final String INSIDE = "!self.matches('/[.][.]?(/|$)')";

    static final String INSIDE_MESSAGE = "uri must not have . or .. as a segment of its path";

    private UriRules() {}
}
