package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Rules of built-in kinds that need few; Jobs and Pods have their own classes. */
class BuiltInRules implements Rules {
    private final ResourceType type;

    BuiltInRules(ResourceType type) {
        this.type = type;
    }

    static Rules of(ResourceType type) {
        return switch (type.plural()) {
            case "jobs" -> new JobRules(type);
            case "pods" -> new PodRules(type);
            case "namespaces" -> new NamespaceRules(type);
            case "persistentvolumeclaims" -> new ClaimRules(type);
            case "configmaps", "secrets" -> new DataRules(type);
            default -> new BuiltInRules(type);
        };
    }

    @Override
    public List<String> prune(ObjectNode object) {
        return BuiltInModel.prune(type, object);
    }

    static void defaultTo(ObjectNode object, String field, int value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    static void defaultTo(ObjectNode object, String field, String value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    private static final class NamespaceRules extends BuiltInRules {
        NamespaceRules(ResourceType type) {
            super(type);
        }

        @Override
        public void prepareCreation(ObjectNode object) {
            object.withObject("/spec").withArray("finalizers").removeAll().add("kubernetes");
            object.putObject("status").put("phase", "Active");
            Meta.of(object).withObject("/labels").put("kubernetes.io/metadata.name", Meta.name(object));
        }
    }

    private static final class ClaimRules extends BuiltInRules {
        ClaimRules(ResourceType type) {
            super(type);
        }

        @Override
        public void prepareCreation(ObjectNode object) {
            defaultTo(object.withObject("/spec"), "volumeMode", "Filesystem");
            object.putObject("status").put("phase", "Pending");
        }

        @Override
        public List<FieldFault> checkCreation(ObjectNode object) {
            List<FieldFault> faults = new ArrayList<>();
            if (object.at("/spec/accessModes").isEmpty()) {
                faults.add(FieldFault.required("spec.accessModes", "at least 1 access mode is required"));
            }
            if (!object.at("/spec/resources/requests").hasNonNull("storage")) {
                faults.add(FieldFault.required("spec.resources[storage]", ""));
            }
            return faults;
        }

        @Override
        public List<FieldFault> checkUpdate(ObjectNode object, ObjectNode old) {
            JsonNode before = withoutMutable(old);
            return before.equals(withoutMutable(object))
                    ? List.of()
                    : List.of(FieldFault.forbidden(
                            "spec",
                            "spec is immutable after creation except resources.requests and volumeAttributesClassName for"
                                    + " bound claims"));
        }

        private static JsonNode withoutMutable(ObjectNode object) {
            JsonNode spec = object.path("spec").deepCopy();
            if (spec instanceof ObjectNode fields) {
                fields.remove(List.of("resources", "volumeName", "volumeAttributesClassName"));
            }
            return spec;
        }
    }

    /** ConfigMaps and Secrets. */
    private static final class DataRules extends BuiltInRules {
        private final boolean secret;

        DataRules(ResourceType type) {
            super(type);
            secret = type.kind().equals("Secret");
        }

        @Override
        public void prepareCreation(ObjectNode object) {
            if (secret) {
                defaultTo(object, "type", "Opaque");
                encode(object);
            }
        }

        @Override
        public void prepareUpdate(ObjectNode object, ObjectNode old) {
            if (secret) {
                encode(object);
            }
        }

        private static void encode(ObjectNode object) {
            if (object.remove("stringData") instanceof ObjectNode texts) {
                ObjectNode data = object.withObject("/data");
                texts.properties()
                        .forEach(e -> data.put(
                                e.getKey(),
                                Base64.getEncoder()
                                        .encodeToString(e.getValue().asText().getBytes(StandardCharsets.UTF_8))));
            }
        }

        @Override
        public List<FieldFault> checkUpdate(ObjectNode object, ObjectNode old) {
            if (!old.path("immutable").asBoolean()) {
                return List.of();
            }
            List<FieldFault> faults = new ArrayList<>();
            if (!object.path("immutable").asBoolean()) {
                faults.add(FieldFault.forbidden("immutable", "field is immutable when `immutable` is set"));
            }
            for (String field : List.of("data", "binaryData")) {
                if (!object.path(field).equals(old.path(field))) {
                    faults.add(FieldFault.forbidden(field, "field is immutable when `immutable` is set"));
                }
            }
            return faults;
        }
    }
}
