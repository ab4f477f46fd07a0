package dev.safefinetune.operator.plan;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run's Jobs and pods have of their resource's metadata.
 *
 * @param labels of the resource, as far as they are copied
 * @param annotations the same
 */
public record Copied(Map<String, String> labels, Map<String, String> annotations) {
    public static final Copied NOTHING = new Copied(Map.of(), Map.of());

    public Copied {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
    }

    /** The labels with those that the operator sets itself, which win. */
    Map<String, String> labelsWith(Map<String, String> own) {
        return with(labels, own);
    }

    /** The annotations with those that the operator sets itself, which win. */
    Map<String, String> annotationsWith(Map<String, String> own) {
        return with(annotations, own);
    }

    private static Map<String, String> with(Map<String, String> copied, Map<String, String> own) {
        Map<String, String> all = new TreeMap<>(copied);
        all.putAll(own);
        return all;
    }
}
