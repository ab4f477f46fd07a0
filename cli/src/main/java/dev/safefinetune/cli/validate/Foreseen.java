package dev.safefinetune.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.api.v1alpha1.PlaceUri;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the operator would refuse although the schema accepts it, as far as it can be known without a cluster. */
final class Foreseen {
    /** Schemes that the schema knows; others are its own business. */
    private static final Pattern KNOWN_SCHEME = Pattern.compile("(hf|s3|oci|https)://.*");

    /** Where a SafeFineTune and a SecurityVector publish. */
    private static final List<String> OUTPUTS = List.of("spec.output.uri", "spec.storage.uri");

    private final Manifest manifest;
    private final List<Problem> problems = new ArrayList<>();

    private Foreseen(Manifest manifest) {
        this.manifest = manifest;
    }

    /**
     * The refusals.
     *
     * @param object with its defaults
     */
    static List<Problem> in(Manifest manifest, JsonNode object) {
        Foreseen foreseen = new Foreseen(manifest);
        Map<String, String> uris = new LinkedHashMap<>();
        collectUris("spec", object.path("spec"), uris);
        foreseen.urisThatAreNotServed(uris);
        foreseen.outputsThatReplaceInputs(uris);
        foreseen.evaluationWithoutRequests(object.path("spec").path("safety"));
        return foreseen.problems;
    }

    /** All URIs below a place, by the fields that name them. */
    private static void collectUris(String path, JsonNode value, Map<String, String> uris) {
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            collectUris(path + "[" + i + "]", value.get(i), uris);
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String at = path + "." + field.getKey();
            if (field.getKey().equals("uri")) {
                uris.put(at, field.getValue().asText());
            }
            collectUris(at, field.getValue(), uris);
        }
    }

    private void urisThatAreNotServed(Map<String, String> uris) {
        uris.forEach((field, uri) -> {
            if (KNOWN_SCHEME.matcher(uri).matches()) {
                problems.add(manifest.problem(
                        field,
                        quoted(uri),
                        "this release serves pvc://claim/path only: put it on a PersistentVolumeClaim and name that"));
            }
        });
    }

    private void outputsThatReplaceInputs(Map<String, String> uris) {
        for (String output : OUTPUTS) {
            String place = uris.get(output);
            uris.forEach((input, uri) -> {
                if (place != null && !input.equals(output) && PlaceUri.of(uri).overlaps(PlaceUri.of(place))) {
                    problems.add(manifest.problem(
                            output,
                            quoted(place),
                            "what is published there would replace %s, which is %s; name a place beside it"
                                    .formatted(input, uri)));
                }
            });
        }
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    /** Without a vector there is none whose suite could be used. */
    private void evaluationWithoutRequests(JsonNode safety) {
        if (safety.path("protection").asText().equals("None")
                && !safety.path("evaluation").has("prompts")) {
            problems.add(manifest.problem(
                    "spec.safety.evaluation.prompts",
                    "",
                    "is missing; with protection None there is no vector whose requests could be used"));
        }
    }
}
