package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.api.model.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** Rules of Pods and of the pod templates in Jobs. */
final class PodRules extends BuiltInRules {
    private static final String ONLY = "pod updates may not change fields other than"
            + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations`"
            + " (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it"
            + " was previously negative)";

    PodRules(ResourceType type) {
        super(type);
    }

    @Override
    public void prepareCreation(ObjectNode object) {
        fillIn(object.withObject("/spec"));
        defaultTo(object.withObject("/spec"), "restartPolicy", "Always");
        defaultTo(object.withObject("/spec"), "serviceAccountName", "default");
        object.putObject("status").put("phase", "Pending").put("qosClass", "Burstable");
    }

    static void fillIn(ObjectNode spec) {
        defaultTo(spec, "terminationGracePeriodSeconds", 30);
        defaultTo(spec, "dnsPolicy", "ClusterFirst");
        defaultTo(spec, "schedulerName", "default-scheduler");
        if (!spec.hasNonNull("securityContext")) {
            spec.putObject("securityContext");
        }
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode each : spec.path(list)) {
                if (each instanceof ObjectNode container) {
                    defaultTo(container, "terminationMessagePath", "/dev/termination-log");
                    defaultTo(container, "terminationMessagePolicy", "File");
                    defaultTo(container, "imagePullPolicy", "IfNotPresent");
                    if (!container.hasNonNull("resources")) {
                        container.putObject("resources");
                    }
                }
            }
        }
    }

    @Override
    public List<FieldFault> checkCreation(ObjectNode object) {
        return checkSpec(object.path("spec"), "spec");
    }

    static List<FieldFault> checkSpec(JsonNode spec, String path) {
        List<FieldFault> faults = new ArrayList<>();
        if (spec.path("containers").isEmpty()) {
            faults.add(FieldFault.required(path + ".containers", ""));
        }
        for (String list : List.of("containers", "initContainers")) {
            int i = 0;
            for (JsonNode container : spec.path(list)) {
                String at = path + "." + list + "[" + i++ + "]";
                for (String field : List.of("name", "image")) {
                    if (container.path(field).asText("").isEmpty()) {
                        faults.add(FieldFault.required(at + "." + field, ""));
                    }
                }
                checkMounts(spec, container, at, faults);
            }
        }
        return faults;
    }

    private static void checkMounts(JsonNode spec, JsonNode container, String at, List<FieldFault> faults) {
        int i = 0;
        for (JsonNode mount : container.path("volumeMounts")) {
            String name = mount.path("name").asText("");
            if (spec.path("volumes").findValuesAsText("name").stream().noneMatch(name::equals)) {
                faults.add(new FieldFault(
                        "FieldValueNotFound", at + ".volumeMounts[" + i + "].name", "Not found: \"" + name + "\""));
            }
            i++;
        }
    }

    @Override
    public List<FieldFault> checkUpdate(ObjectNode object, ObjectNode old) {
        return withoutMutable(object).equals(withoutMutable(old))
                ? List.of()
                : List.of(FieldFault.forbidden("spec", ONLY));
    }

    private static JsonNode withoutMutable(ObjectNode object) {
        JsonNode spec = object.path("spec").deepCopy();
        if (spec instanceof ObjectNode fields) {
            fields.remove(List.of("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"));
            spec.path("containers").forEach(c -> ((ObjectNode) c).remove("image"));
            spec.path("initContainers").forEach(c -> ((ObjectNode) c).remove("image"));
        }
        return spec;
    }

    @Override
    public boolean hasGeneration() {
        return true;
    }
}
