package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rules of Jobs: the selector that the server makes, defaults, and the fields that never change. */
final class JobRules extends BuiltInRules {
    private static final List<String> FIXED =
            List.of("selector", "completions", "completionMode", "podFailurePolicy", "backoffLimitPerIndex");

    /** What Kueue may set in the template of a Job that is suspended. */
    private static final List<String> SCHEDULING =
            List.of("nodeSelector", "tolerations", "affinity", "schedulingGates");

    JobRules(ResourceType type) {
        super(type);
    }

    @Override
    public void prepareCreation(ObjectNode object) {
        ObjectNode spec = object.withObject("/spec");
        defaultTo(spec, "completions", 1);
        defaultTo(spec, "parallelism", 1);
        defaultTo(spec, "backoffLimit", 6);
        defaultTo(spec, "completionMode", "NonIndexed");
        defaultTo(spec, "podReplacementPolicy", spec.has("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        if (!spec.hasNonNull("suspend")) {
            spec.put("suspend", false);
        }
        ObjectNode template = spec.withObject("/template");
        PodRules.fillIn(template.withObject("/spec"));
        if (!spec.path("manualSelector").asBoolean()) {
            String uid = Meta.uid(object);
            ObjectNode labels = template.withObject("/metadata/labels");
            for (String prefix : List.of("batch.kubernetes.io/", "")) {
                labels.put(prefix + "controller-uid", uid).put(prefix + "job-name", Meta.name(object));
            }
            spec.putObject("selector").putObject("matchLabels").put("batch.kubernetes.io/controller-uid", uid);
        }
        object.putObject("status");
    }

    @Override
    public List<FieldFault> checkCreation(ObjectNode object) {
        List<FieldFault> faults = new ArrayList<>();
        JsonNode spec = object.path("spec");
        for (String field : List.of("backoffLimit", "completions", "parallelism", "activeDeadlineSeconds")) {
            if (spec.path(field).asLong() < 0) {
                faults.add(FieldFault.invalid(
                        "spec." + field, spec.path(field).asLong(), "must be greater than or equal to 0"));
            }
        }
        faults.addAll(PodRules.checkSpec(spec.at("/template/spec"), "spec.template.spec"));
        String policy = spec.at("/template/spec/restartPolicy").asText("");
        if (!Set.of("Never", "OnFailure").contains(policy)) {
            faults.add(
                    policy.isEmpty()
                            ? FieldFault.required(
                                    "spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"")
                            : new FieldFault(
                                    "FieldValueNotSupported",
                                    "spec.template.spec.restartPolicy",
                                    "Unsupported value: \"" + policy
                                            + "\": supported values: \"OnFailure\", \"Never\""));
        }
        return faults;
    }

    @Override
    public List<FieldFault> checkUpdate(ObjectNode object, ObjectNode old) {
        List<FieldFault> faults = new ArrayList<>();
        JsonNode spec = object.path("spec");
        JsonNode before = old.path("spec");
        for (String field : FIXED) {
            if (!spec.path(field).equals(before.path(field))) {
                faults.add(FieldFault.invalid("spec." + field, spec.path(field), "field is immutable"));
            }
        }
        boolean waiting =
                before.path("suspend").asBoolean() && !old.at("/status").hasNonNull("startTime");
        if (!template(spec, waiting).equals(template(before, waiting))) {
            faults.add(FieldFault.invalid("spec.template", spec.path("template"), "field is immutable"));
        }
        return faults;
    }

    private static JsonNode template(JsonNode spec, boolean waiting) {
        JsonNode template = spec.path("template").deepCopy();
        if (waiting && template instanceof ObjectNode fields) {
            fields.remove("metadata");
            fields.withObject("/spec").remove(SCHEDULING);
        }
        return template;
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }
}
