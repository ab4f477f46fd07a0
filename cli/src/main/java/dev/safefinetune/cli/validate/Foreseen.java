package dev.safefinetune.cli.validate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.checks.Check;
import dev.safefinetune.checks.Evidence;
import dev.safefinetune.checks.FineTuneWish;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.checks.Policies;
import dev.safefinetune.checks.PolicySubject;
import dev.safefinetune.checks.Refusal;
import dev.safefinetune.checks.SpecChecks;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the operator would refuse although the schema accepts it, as far as it can be known without a cluster: its own checks.
 *
 * @param policies that hold where the resources are made
 * @param now for waivers, which end
 */
record Foreseen(List<SafeFineTunePolicy> policies, Instant now) {
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /**
     * The refusals.
     *
     * @param object with its defaults, and as its schema wants it
     */
    List<Problem> in(Manifest manifest, JsonNode object) {
        return refusals(manifest.kind(), object)
                .map(refusal -> manifest.problem(refusal.field(), value(refusal, object), refusal.right()))
                .toList();
    }

    private Stream<Refusal> refusals(String kind, JsonNode object) {
        JsonNode spec = object.path("spec");
        return switch (kind) {
            case "SafeFineTune" -> fineTune(read(spec, SafeFineTuneSpec.class), subject(object.path("metadata")));
            case "SecurityVector" -> Check.all(SpecChecks.VECTOR, read(spec, SecurityVectorSpec.class)).stream();
            default -> Stream.empty();
        };
    }

    /** How many GPUs a pod holds where the resource does not say is the installation's to know. */
    private Stream<Refusal> fineTune(SafeFineTuneSpec spec, PolicySubject subject) {
        FineTuneWish wish = new FineTuneWish(spec, Gpus.of(spec.resources(), 0, null));
        return Stream.concat(
                Check.all(SpecChecks.FINE_TUNE, wish).stream(),
                new Policies(policies, subject).ruling(Evidence.of(wish)).refusals().stream());
    }

    /** kubectl's own namespace, where the manifest names none, is not known. */
    private PolicySubject subject(JsonNode metadata) {
        return new PolicySubject(
                metadata.path("namespace").asText("default"),
                metadata.path("name").asText(),
                now);
    }

    static <T> T read(JsonNode json, Class<T> type) {
        try {
            return JSON.treeToValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the schema accepts what the type refuses: " + e.getMessage(), e);
        }
    }

    /** As it stands in YAML where it is the field's alone: texts in quotes. */
    private static String value(Refusal refusal, JsonNode object) {
        JsonNode field = object.at("/" + refusal.field().replace('.', '/'));
        return field.isTextual() && field.asText().equals(refusal.value()) ? field.toString() : refusal.value();
    }
}
