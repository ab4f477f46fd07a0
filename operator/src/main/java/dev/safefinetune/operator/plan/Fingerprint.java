package dev.safefinetune.operator.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.contract.Digest;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Digests by which the operator knows a wish, and what it has written, again. */
public final class Fingerprint {
    private static final JsonMapper SORTED = JsonMapper.builder()
            .configure(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY, true)
            .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
            .build();

    /** How a run is carried out, and whom its result is shared with: none of it makes a run another one. */
    private static final List<String> NOT_OF_THE_RUN =
            List.of("suspend", "runPolicy", "checkpoint", "allowedNamespaces", "evaluation");

    private Fingerprint() {}

    /** Of a text. */
    public static Digest of(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return new Digest("sha256:" + HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Of what of a resource's spec makes its run another one. Defaults are filled in before, so that it does not matter
     * whether a manifest writes them out.
     */
    public static Digest ofWish(HasMetadata resource) {
        Object spec = switch (resource) {
            case SafeFineTune fineTune -> fineTune.getSpec();
            case SecurityVector vector -> vector.getSpec();
            default -> throw new IllegalArgumentException("no runs of kind " + resource.getKind());
        };
        ObjectNode tree = SORTED.valueToTree(spec);
        tree.remove(NOT_OF_THE_RUN);
        try {
            return of(SORTED.writeValueAsString(tree));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a spec that cannot be written", e);
        }
    }
}
