package dev.safefinetune.operator.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.contract.Digest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Digests by which the operator knows a wish, and what it has written, again. */
public final class Fingerprint {
    private static final JsonMapper SORTED = JsonMapper.builder()
            .configure(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, true)
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .build();

    /** Hexadecimal digits by which a part of a wish is told from what it was before. */
    private static final int PART = 12;

    /** On what a run is carried out: more of it is why a failed run is begun anew, and no reason to give up one under way. */
    public static final String RESOURCES = "resources";

    /** How a run is carried out, and whom its result is shared with: none of it makes a run another one. */
    private static final List<String> NOT_OF_THE_RUN =
            List.of("suspend", "runPolicy", "checkpoint", "allowedNamespaces", "evaluation");

    private Fingerprint() {}

    /** Of a text. */
    public static Digest of(String text) {
        return Digest.of(text);
    }

    /**
     * Of what of a resource's spec makes its run another one. Defaults are filled in before, so that it does not matter
     * whether a manifest writes them out.
     */
    public static Digest ofWish(HasMetadata resource) {
        return of(text(wish(resource)));
    }

    /** Of the same and of the resources, part by part. */
    public static SortedMap<String, String> ofParts(HasMetadata resource) {
        TreeMap<String, String> parts = new TreeMap<>();
        parts(resource)
                .properties()
                .forEach(part -> parts.put(
                        part.getKey(),
                        of(text(part.getValue())).value().substring("sha256:".length(), "sha256:".length() + PART)));
        return Collections.unmodifiableSortedMap(parts);
    }

    private static ObjectNode wish(HasMetadata resource) {
        ObjectNode wish = parts(resource);
        wish.remove(RESOURCES);
        return wish;
    }

    private static ObjectNode parts(HasMetadata resource) {
        Object spec = switch (resource) {
            case SafeFineTune fineTune -> fineTune.getSpec();
            case SecurityVector vector -> vector.getSpec();
            default -> throw new IllegalArgumentException("no runs of kind " + resource.getKind());
        };
        ObjectNode tree = SORTED.valueToTree(spec);
        tree.remove(NOT_OF_THE_RUN);
        return tree;
    }

    private static String text(JsonNode tree) {
        try {
            return SORTED.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a spec that cannot be written", e);
        }
    }
}
