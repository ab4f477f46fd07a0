package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.safefinetune.local.api.model.ApiFault;
import dev.safefinetune.local.api.model.ResourceType;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads built-in kinds into Fabric8's classes, which know every field and its type. */
final class BuiltInModel {
    private static final List<Class<? extends HasMetadata>> CLASSES = List.of(
            Namespace.class,
            Node.class,
            PersistentVolume.class,
            PersistentVolumeClaim.class,
            Pod.class,
            ConfigMap.class,
            Secret.class,
            ServiceAccount.class,
            Event.class,
            Service.class,
            Job.class,
            Lease.class,
            NetworkPolicy.class,
            Role.class,
            RoleBinding.class,
            ClusterRole.class,
            ClusterRoleBinding.class);

    private BuiltInModel() {}

    /**
     * Removes fields that the kind does not have and names them.
     *
     * @throws ApiFault 400 when a field has the wrong type
     */
    static List<String> prune(ResourceType type, ObjectNode object) {
        Stream<Class<? extends HasMetadata>> known =
                CLASSES.stream().filter(c -> c.getSimpleName().equals(type.kind()));
        List<String> unknown = new ArrayList<>();
        known.findFirst().ifPresent(model -> read(type, object, model, unknown));
        unknown.forEach(path -> remove(object, path));
        return unknown.stream().map(path -> "unknown field \"" + path + "\"").toList();
    }

    private static void read(
            ResourceType type, ObjectNode object, Class<? extends HasMetadata> model, List<String> unknown) {
        try {
            mapper(unknown).treeToValue(object, model);
        } catch (JsonMappingException e) {
            throw ApiFault.badRequest(type.kind() + " in version \"" + type.version() + "\" cannot be handled as a "
                    + type.kind() + ": " + path(e.getPath()) + ": " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw ApiFault.badRequest("json: " + e.getOriginalMessage());
        }
    }

    private static ObjectMapper mapper(List<String> unknown) {
        return JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .annotationIntrospector(new WithoutCatchAll())
                // The times of a Lease.
                .addModule(new JavaTimeModule())
                .addHandler(new DeserializationProblemHandler() {
                    @Override
                    public boolean handleUnknownProperty(
                            DeserializationContext context,
                            JsonParser parser,
                            @Nullable JsonDeserializer<?> deserializer,
                            Object bean,
                            String property)
                            throws IOException {
                        String pointer =
                                parser.getParsingContext().pathAsPointer().toString();
                        // Names of fields are data there.
                        if (!pointer.startsWith("/metadata/managedFields/")) {
                            unknown.add(pointer.substring(1)
                                    .replaceAll("/(\\d+)(?=/|$)", "[$1]")
                                    .replace('/', '.'));
                        }
                        parser.skipChildren();
                        return true;
                    }
                })
                .build();
    }

    private static String path(List<JsonMappingException.Reference> path) {
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            text.append(step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName());
        }
        return text.isEmpty() ? "" : text.substring(1);
    }

    private static void remove(ObjectNode object, String path) {
        String pointer = "/" + path.replace("[", ".").replace("]", "").replace('.', '/');
        int last = pointer.lastIndexOf('/');
        JsonNode parent = object.at(pointer.substring(0, last));
        if (parent instanceof ObjectNode owner) {
            owner.remove(pointer.substring(last + 1));
        }
    }

    /** Fabric8's classes keep unknown fields in a map; without it they are reported. */
    private static final class WithoutCatchAll extends JacksonAnnotationIntrospector {
        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return Boolean.FALSE;
        }
    }
}
