package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A content digest in the form used by OCI, {@code sha256:} and 64 lower-case hexadecimal digits. */
public record Digest(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    @JsonCreator
    public Digest {
        if (value == null || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("digest must be sha256: and 64 hexadecimal digits, was " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
