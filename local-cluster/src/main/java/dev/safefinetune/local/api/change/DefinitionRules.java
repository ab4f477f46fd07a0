package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.judge.ManifestJudge;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rules of CustomResourceDefinitions. */
final class DefinitionRules implements Rules {
    static final String RESOURCE = "customresourcedefinitions.apiextensions.k8s.io";

    @Override
    public void prepareCreation(ObjectNode object) {
        prepare(object);
        ObjectNode status = object.putObject("status");
        status.set("acceptedNames", object.at("/spec/names").deepCopy());
        ArrayNode stored = status.putArray("storedVersions");
        for (JsonNode version : object.at("/spec/versions")) {
            if (version.path("storage").asBoolean()) {
                stored.add(version.path("name").asText());
            }
        }
        ArrayNode conditions = status.putArray("conditions");
        condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found");
        condition(conditions, "Established", "InitialNamesAccepted", "the initial names have been accepted");
    }

    private static void condition(ArrayNode conditions, String type, String reason, String message) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", "True")
                .put("reason", reason)
                .put("message", message)
                .put("lastTransitionTime", Meta.time(Instant.now()));
    }

    @Override
    public void prepareUpdate(ObjectNode object, ObjectNode old) {
        prepare(object);
    }

    private static void prepare(ObjectNode object) {
        ObjectNode names = object.withObject("/spec/names");
        String kind = names.path("kind").asText();
        BuiltInRules.defaultTo(names, "listKind", kind + "List");
        BuiltInRules.defaultTo(names, "singular", kind.toLowerCase(Locale.ROOT));
    }

    @Override
    public List<FieldFault> checkCreation(ObjectNode object) {
        List<FieldFault> faults = new ArrayList<>();
        JsonNode spec = object.path("spec");
        String name =
                spec.at("/names/plural").asText() + "." + spec.path("group").asText();
        if (!Meta.name(object).equals(name)) {
            faults.add(FieldFault.invalid(
                    "metadata.name", Meta.name(object), "must be spec.names.plural+\".\"+spec.group"));
        }
        int storage = 0;
        int i = 0;
        for (JsonNode version : spec.path("versions")) {
            storage += version.path("storage").asBoolean() ? 1 : 0;
            if (!version.path("schema").hasNonNull("openAPIV3Schema")) {
                faults.add(
                        FieldFault.required("spec.versions[" + i + "].schema.openAPIV3Schema", "schemas are required"));
            }
            i++;
        }
        if (storage != 1) {
            faults.add(FieldFault.invalid(
                    "spec.versions", i + " versions", "must have exactly one version marked as storage version"));
        }
        if (faults.isEmpty()) {
            try {
                ManifestJudge.of(object);
            } catch (IllegalArgumentException e) {
                faults.add(FieldFault.invalid("spec.versions", name, String.valueOf(e.getMessage())));
            }
        }
        return faults;
    }

    @Override
    public List<FieldFault> checkUpdate(ObjectNode object, ObjectNode old) {
        return checkCreation(object);
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }
}
