package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.local.api.model.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** Rules of a custom kind, read from its definition. */
final class CustomRules implements Rules {
    private final JsonNode schema;

    CustomRules(ResourceType type, JsonNode version) {
        schema = version.at("/schema/openAPIV3Schema");
    }

    ListShape listShape() {
        return path -> {
            JsonNode at = schema;
            for (String field : path.split("\\.")) {
                JsonNode inner = at.path("type").asText().equals("array") ? at.path("items") : at;
                at = inner.path("properties").has(field)
                        ? inner.path("properties").path(field)
                        : inner.path("additionalProperties");
            }
            return switch (at.path("x-kubernetes-list-type").asText("atomic")) {
                case "set" -> ListShape.SET;
                case "map" -> {
                    List<String> keys = new ArrayList<>();
                    at.path("x-kubernetes-list-map-keys").forEach(k -> keys.add(k.asText()));
                    yield keys;
                }
                default -> ListShape.ATOMIC;
            };
        };
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }
}
