package dev.safefinetune.api.v1alpha1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Of which release a CRD is.
 *
 * @param version of the release
 * @param digest of the CRD's schema; of two builds of one release, whether they agree
 */
public record CrdStamp(String version, String digest) {
    /** Annotation with the version. */
    public static final String VERSION = Api.GROUP + "/version";

    /** Annotation with the digest. */
    public static final String DIGEST = Api.GROUP + "/schema-digest";

    public CrdStamp {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(digest, "digest");
    }

    /** Version of this release. */
    public static String release() {
        return value("release.properties", "version");
    }

    /** What this release says of a kind's CRD. */
    public static CrdStamp ofThisRelease(String plural) {
        return new CrdStamp(release(), value("schema-digests.properties", plural));
    }

    /** What a CRD says of itself; none: nothing. */
    public static Optional<CrdStamp> of(@Nullable Map<String, String> annotations) {
        String version = annotations == null ? null : annotations.get(VERSION);
        String digest = annotations == null ? null : annotations.get(DIGEST);
        return version == null || digest == null ? Optional.empty() : Optional.of(new CrdStamp(version, digest));
    }

    /** Which version is the older one, by its numbers: below zero if this one is. */
    public int compareVersion(CrdStamp other) {
        return Arrays.compare(numbers(version), numbers(other.version));
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("[-+]", 2)[0].split("\\."))
                .mapToInt(part -> part.matches("\\d{1,9}") ? Integer.parseInt(part) : 0)
                .toArray();
    }

    private static String value(String file, String key) {
        try (InputStream in = CrdStamp.class.getResourceAsStream(file)) {
            Properties properties = new Properties();
            properties.load(Objects.requireNonNull(in, file));
            return Objects.requireNonNull(properties.getProperty(key), file + ": " + key);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }
}
