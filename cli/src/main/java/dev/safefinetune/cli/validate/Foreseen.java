package dev.safefinetune.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.api.v1alpha1.PlaceUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the operator would refuse although the schema accepts it, as far as it can be known without a cluster. */
final class Foreseen {
    /** Schemes that the schema knows; others are its own business. */
    private static final Pattern KNOWN_SCHEME = Pattern.compile("(hf|s3|oci|https)://.*");

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
        foreseen.urisThatAreNotServed("spec", object.path("spec"));
        foreseen.outputsThatReplaceInputs(object.path("spec"));
        foreseen.evaluationWithoutRequests(object.path("spec").path("safety"));
        return foreseen.problems;
    }

    private void urisThatAreNotServed(String path, JsonNode value) {
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                urisThatAreNotServed(path + "[" + i + "]", value.get(i));
            }
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            String at = path + "." + field.getKey();
            if (field.getKey().equals("uri")
                    && KNOWN_SCHEME.matcher(field.getValue().asText()).matches()) {
                problems.add(manifest.problem(
                        at,
                        field.getValue().toString(),
                        "this release serves pvc://claim/path only: put it on a PersistentVolumeClaim and name that"));
            }
            urisThatAreNotServed(at, field.getValue());
        }
    }

    private void outputsThatReplaceInputs(JsonNode spec) {
        Map<String, String> uris = new TreeMap<>();
        collectUris("spec", spec, uris);
        for (String field : List.of("spec.output.uri", "spec.storage.uri")) {
            String output = uris.remove(field);
            if (output == null) {
                continue;
            }
            uris.forEach((input, uri) -> {
                if (PlaceUri.of(uri).overlaps(PlaceUri.of(output))) {
                    problems.add(manifest.problem(
                            field,
                            "\"" + output + "\"",
                            "what is published there would replace %s, which is %s; name a place beside it"
                                    .formatted(input, uri)));
                }
            });
        }
    }

    private static void collectUris(String path, JsonNode value, Map<String, String> uris) {
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (field.getKey().equals("uri")) {
                uris.put(path + ".uri", field.getValue().asText());
            }
            collectUris(path + "." + field.getKey(), field.getValue(), uris);
        }
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
