package dev.safefinetune.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** {@code docs/api.md}: every field of every kind. */
final class ApiReference {
    private ApiReference() {}

    static String page(Collection<JsonNode> crds) {
        StringBuilder page = new StringBuilder("""
                # API reference

                <!-- Generated from the types in crds/src; `make generate` writes it anew. -->

                Group `safefinetune.dev`, version `v1alpha1`. `kubectl explain` says the same. Fields in bold must be given.
                What is held beside the schema is in [checks.md](checks.md).
                """);
        for (JsonNode crd : crds) {
            kind(page, crd.path("spec"));
        }
        return page.toString();
    }

    private static void kind(StringBuilder page, JsonNode spec) {
        JsonNode names = spec.path("names");
        JsonNode schema = spec.at("/versions/0/schema/openAPIV3Schema");
        page.append("\n## ").append(names.path("kind").asText()).append("\n\n");
        page.append(schema.path("description").asText()).append("\n\n");
        page.append("`kubectl get ")
                .append(names.path("shortNames").path(0).asText())
                .append("`, ");
        page.append(spec.path("scope").asText().equals("Cluster") ? "one for the whole cluster" : "namespaced");
        page.append(".\n");
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            page.append("\nHeld: ").append(rule.path("message").asText()).append(".\n");
        }
        page.append("\n| field | type | default | meaning |\n|---|---|---|---|\n");
        fields(page, "spec", schema.path("properties").path("spec"));
        fields(page, "status", schema.path("properties").path("status"));
    }

    private static void fields(StringBuilder page, String path, JsonNode schema) {
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
            JsonNode of = field.getValue();
            String name = path + "." + field.getKey();
            String shown = required.contains(field.getKey()) ? "**`" + name + "`**" : "`" + name + "`";
            page.append("| ").append(shown);
            page.append(" | ").append(type(of));
            page.append(" | ").append(byDefault(of));
            page.append(" | ").append(meaning(of)).append(" |\n");
            fields(page, name, of);
            fields(page, name + "[]", of.path("items"));
        }
    }

    private static String type(JsonNode schema) {
        if (schema.has("enum")) {
            List<String> choices = new ArrayList<>();
            schema.path("enum").forEach(choice -> choices.add(choice.asText()));
            return String.join(", ", choices);
        }
        return switch (schema.path("type").asText()) {
            case "array" -> "list of " + (schema.at("/items/type").asText().equals("object") ? "objects" : "strings");
            case "object" -> schema.has("additionalProperties") ? "map of strings" : "object";
            case "integer" -> "integer" + range(schema);
            case "string" -> schema.path("format").asText().equals("date-time") ? "time" : "string";
            case String other -> other;
        };
    }

    private static String range(JsonNode schema) {
        if (!schema.has("minimum")) {
            return "";
        }
        return schema.has("maximum")
                ? " " + schema.path("minimum") + "…" + schema.path("maximum")
                : " ≥ " + schema.path("minimum");
    }

    private static String byDefault(JsonNode schema) {
        JsonNode value = schema.path("default");
        return value.isMissingNode() || value.isObject() ? "" : "`" + value + "`";
    }

    private static String meaning(JsonNode schema) {
        StringBuilder text = new StringBuilder(schema.path("description").asText());
        for (JsonNode rule : schema.path("x-kubernetes-validations")) {
            text.append(" *").append(rule.path("message").asText()).append(".*");
        }
        return text.toString().replace("|", "\\|");
    }
}
