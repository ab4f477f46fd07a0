package dev.safefinetune.attest;

import dev.safefinetune.contract.Digest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something by its digest, as in-toto describes it (in-toto attestation v1, resource_descriptor.md).
 *
 * @param name what it is
 * @param uri where it is; absent where that is nobody's business
 * @param digest {@code sha256} in hexadecimal digits; absent where only the place is known
 */
public record ResourceDescriptor(
        String name, @Nullable String uri, @Nullable Map<String, String> digest) {
    private static final String SHA256 = "sha256";
    private static final String PREFIX = SHA256 + ":";

    public ResourceDescriptor {
        digest = digest == null ? null : Map.copyOf(digest);
    }

    public static ResourceDescriptor of(String name, Digest digest) {
        return new ResourceDescriptor(name, null, Map.of(SHA256, digest.value().substring(PREFIX.length())));
    }

    /** An image, with its digest where its reference pins one. */
    public static ResourceDescriptor ofImage(String name, String reference) {
        int at = reference.indexOf("@" + PREFIX);
        return new ResourceDescriptor(
                name, reference, at < 0 ? null : Map.of(SHA256, reference.substring(at + 1 + PREFIX.length())));
    }

    /** Whether it is of this content. */
    boolean is(Digest other) {
        return digest != null && digest.equals(of(name, other).digest());
    }
}
