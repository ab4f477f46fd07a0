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
import dev.safefinetune.checks.Ruling;
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
     * The refusals, and as warnings those of policies that are not enforced.
     *
     * @param object with its defaults, and as its schema wants it
     */
    List<Problem> in(Manifest manifest, JsonNode object) {
        JsonNode spec = object.path("spec");
        return switch (manifest.kind()) {
            case "SafeFineTune" -> {
                FineTuneWish wish = wish(read(spec, SafeFineTuneSpec.class));
                Ruling ruling = new Policies(policies, subject(object.path("metadata"))).ruling(Evidence.of(wish));
                yield Stream.of(
                                problems(manifest, object, Check.all(SpecChecks.FINE_TUNE, wish)),
                                problems(manifest, object, ruling.refusals()),
                                problems(manifest, object, ruling.notEnforced()).map(Problem::asWarning))
                        .flatMap(each -> each)
                        .toList();
            }
            case "SecurityVector" ->
                problems(manifest, object, Check.all(SpecChecks.VECTOR, read(spec, SecurityVectorSpec.class)))
                        .toList();
            default -> List.of();
        };
    }

    private static Stream<Problem> problems(Manifest manifest, JsonNode object, List<Refusal> refusals) {
        return refusals.stream()
                .map(refusal -> manifest.problem(refusal.field(), value(refusal, object), refusal.right()));
    }

    /** How many GPUs a pod holds where the resource does not say is the installation's to know. */
    private static FineTuneWish wish(SafeFineTuneSpec spec) {
        return new FineTuneWish(spec, Gpus.of(spec.resources(), 0, null));
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
