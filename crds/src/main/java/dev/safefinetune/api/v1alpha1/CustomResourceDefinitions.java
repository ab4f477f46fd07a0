package dev.safefinetune.api.v1alpha1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The CRDs as they are installed in a cluster: the generated YAML, carried in the jar. */
public final class CustomResourceDefinitions {
    /** Plural names of the kinds. */
    public static final List<String> PLURALS = List.of("safefinetunes", "securityvectors", "safefinetunepolicies");

    private CustomResourceDefinitions() {}

    /** Name of a kind's CRD. */
    public static String name(String plural) {
        return plural + "." + Api.GROUP;
    }

    /**
     * YAML of a kind's CRD.
     *
     * @throws IllegalArgumentException where there is no such kind
     */
    public static String yaml(String plural) {
        try (InputStream in = CustomResourceDefinitions.class.getResourceAsStream(name(plural) + ".yaml")) {
            if (in == null) {
                throw new IllegalArgumentException("plural must be one of " + PLURALS + ", was " + plural);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the CRD of " + plural, e);
        }
    }
}
