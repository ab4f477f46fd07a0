package dev.safefinetune.local.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The table of manifests put to an API server over HTTP, embedded or real: the verdicts that the table states, and the
 * same defaults as the judge fills in.
 */
public abstract class ManifestTableContract {
    /** A client of the API server, on which the CRDs are installed. */
    protected abstract KubernetesClient client();

    private static final Map<String, ManifestJudge> JUDGES = new ConcurrentHashMap<>();
    private static final Pattern UNKNOWN_FIELD = Pattern.compile("unknown field \"([^\"]+)\"");

    /** The object as it would be stored; the fault where it is refused. */
    private record Answer(Optional<JsonNode> stored, Optional<KubernetesClientException> refusal) {}

    private Answer create(JsonNode manifest) {
        String path = "/apis/safefinetune.dev/v1alpha1/" + namespace(manifest) + plural(manifest)
                + "?dryRun=All&fieldValidation=Strict";
        try {
            String stored = client().raw(path, "POST", manifest.toString());
            return new Answer(Optional.of(Serialization.unmarshal(stored, JsonNode.class)), Optional.empty());
        } catch (KubernetesClientException e) {
            return new Answer(Optional.empty(), Optional.of(e));
        }
    }

    private static String namespace(JsonNode manifest) {
        JsonNode namespace = manifest.at("/metadata/namespace");
        return namespace.isMissingNode() ? "" : "namespaces/" + namespace.asText() + "/";
    }

    private static String plural(JsonNode manifest) {
        String kind = manifest.path("kind").asText().toLowerCase(Locale.ROOT);
        return kind.endsWith("y") ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    }

    @TestFactory
    Stream<DynamicTest> acceptsAndFillsInTheSame() {
        return ManifestCase.accepted().stream()
                .map(manifest -> dynamicTest(manifest.name(), () -> {
                    Answer answer = create(manifest.object());
                    assertThat(answer.refusal()).isEmpty();
                    ManifestJudge judge = ManifestJudge.of(
                            ManifestCase.json(CustomResourceDefinitions.yaml(plural(manifest.object()))));
                    Judgement judgement = judge.judge(manifest.object());
                    assertThat(judgement.isAccepted()).isTrue();
                    JsonNode real = answer.stored().orElseThrow().path("spec");
                    assertThat(real.equals(
                                    ManifestTableContract::compareNumbers,
                                    judgement.object().path("spec")))
                            .as("real: %s%njudge: %s", real, judgement.object().path("spec"))
                            .isTrue();
                }));
    }

    /** 8 and 8.0 are the same number in JSON. */
    private static int compareNumbers(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    }

    @TestFactory
    Stream<DynamicTest> refusesAtTheSameFields() {
        return ManifestCase.refused().stream()
                .map(manifest -> dynamicTest(manifest.name(), () -> {
                    Answer answer = create(manifest.object());
                    assertThat(answer.refusal())
                            .as("accepted: %s", answer.stored())
                            .isPresent();
                    KubernetesClientException refusal = answer.refusal().orElseThrow();
                    assertThat(fields(refusal))
                            .as(refusal.getMessage())
                            .containsExactlyElementsOf(manifest.refusedAt());
                }));
    }

    private static TreeSet<String> fields(KubernetesClientException refusal) {
        TreeSet<String> fields = new TreeSet<>();
        Status status = refusal.getStatus();
        if (refusal.getCode() == 422) {
            for (StatusCause cause : causes(status)) {
                // The API server's word for: not all was looked at.
                if (!cause.getMessage().contains("some validation rules were not checked")) {
                    fields.add(cause.getField().equals("<nil>") ? "" : cause.getField());
                }
            }
        } else {
            UNKNOWN_FIELD
                    .matcher(status.getMessage())
                    .results()
                    .map(found -> found.group(1))
                    .forEach(fields::add);
        }
        return fields;
    }

    private static List<StatusCause> causes(Status status) {
        return status.getDetails() == null ? List.of() : status.getDetails().getCauses();
    }
}
