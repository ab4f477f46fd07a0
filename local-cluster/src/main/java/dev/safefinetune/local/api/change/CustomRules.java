package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.judge.Finding;
import dev.safefinetune.local.judge.Judgement;
import dev.safefinetune.local.judge.ManifestJudge;
import java.util.ArrayList;
import java.util.List;

/** Rules of a custom kind, read from its definition. */
final class CustomRules implements Rules {
    private final JsonNode schema;
    private final ManifestJudge judge;

    CustomRules(JsonNode definition, JsonNode version) {
        schema = version.at("/schema/openAPIV3Schema");
        judge = ManifestJudge.of(definition);
    }

    /** Fills in defaults as well: the judge does both in one go. */
    @Override
    public List<String> prune(ObjectNode object) {
        Judgement judgement = judge.judge(object);
        // The same node for metadata: whoever asked for this goes on writing to it.
        JsonNode metadata = object.get("metadata");
        object.removeAll();
        object.setAll(judgement.object());
        object.set("metadata", metadata);
        return judgement.unknownFields().stream()
                .map(f -> "unknown field \"" + f.field() + "\"")
                .toList();
    }

    @Override
    public List<FieldFault> checkCreation(ObjectNode object) {
        return faults(judge.judge(object));
    }

    @Override
    public List<FieldFault> checkUpdate(ObjectNode object, ObjectNode old) {
        return faults(judge.judge(object, old));
    }

    private static List<FieldFault> faults(Judgement judgement) {
        return judgement.errors().stream().map(CustomRules::fault).toList();
    }

    private static FieldFault fault(Finding finding) {
        String reason = switch (finding.type()) {
            case REQUIRED -> "FieldValueRequired";
            case WRONG_TYPE -> "FieldValueTypeInvalid";
            case NOT_SUPPORTED -> "FieldValueNotSupported";
            case TOO_LONG -> "FieldValueTooLong";
            case TOO_MANY -> "FieldValueTooMany";
            case DUPLICATE -> "FieldValueDuplicate";
            case INVALID, UNKNOWN_FIELD -> "FieldValueInvalid";
        };
        String field = finding.field().isEmpty() ? "<nil>" : finding.field();
        return new FieldFault(reason, field, finding.text().substring(field.length() + 2));
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
