package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges objects of one version of one CRD as an API server does: unknown fields are named and dropped, defaults filled
 * in, the structural schema held, and then the CEL rules evaluated. Safe for use by several threads.
 */
public final class ManifestJudge {
    private final StructuralSchema schema;
    private final RuleCheck rules;

    private ManifestJudge(StructuralSchema schema) {
        this.schema = schema;
        this.rules = new RuleCheck(schema);
    }

    /**
     * A judge of the version that a CRD stores.
     *
     * @param crd a {@code CustomResourceDefinition} of {@code apiextensions.k8s.io/v1} as JSON
     * @throws IllegalArgumentException where it stores no version, or a rule does not compile
     */
    public static ManifestJudge of(JsonNode crd) {
        for (JsonNode version : crd.path("spec").path("versions")) {
            if (version.path("storage").asBoolean()) {
                return new ManifestJudge(
                        StructuralSchema.of(version.path("schema").path("openAPIV3Schema")));
            }
        }
        throw new IllegalArgumentException(
                "CRD " + crd.path("metadata").path("name").asText() + " stores no version");
    }

    /** Judges a new object as an API server does. */
    public Judgement judge(JsonNode object) {
        return judge(object, null);
    }

    /**
     * Judges an object as an API server does.
     *
     * @param object as it was sent; it is left as it is
     * @param old the stored object that it replaces; null when it is new
     */
    public Judgement judge(JsonNode object, @Nullable JsonNode old) {
        return judge(object, old, errors -> errors.isEmpty() ? path -> false : path -> true);
    }

    /**
     * Judges a new object and evaluates every rule that can be evaluated, where an API server evaluates none once a field
     * is missing or of the wrong type. Same verdict, more findings.
     */
    public Judgement judgeThoroughly(JsonNode object) {
        return judge(
                object, null, errors -> path -> errors.stream().anyMatch(error -> Paths.within(error.field(), path)));
    }

    private interface Blocked {
        /** The paths whose rules are not evaluated, given the blocking errors. */
        Predicate<String> by(List<Finding> errors);
    }

    private Judgement judge(JsonNode object, @Nullable JsonNode old, Blocked blocked) {
        if (!(object.deepCopy() instanceof ObjectNode judged)) {
            throw new IllegalArgumentException("a manifest must be an object, was " + object.getNodeType());
        }
        List<Finding> unknown = UnknownFields.prune(judged, schema);
        Defaults.fill(judged, schema);
        List<Finding> errors = new ArrayList<>(MetadataCheck.check(judged));
        errors.addAll(StructuralCheck.check(judged, schema));
        List<Finding> blocking =
                errors.stream().filter(error -> error.type().isBlocking()).toList();
        errors.addAll(rules.check(judged, old, schema, blocked.by(blocking)));
        return new Judgement(unknown, errors, judged);
    }
}
