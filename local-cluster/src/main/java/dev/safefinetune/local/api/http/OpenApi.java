package dev.safefinetune.local.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.change.Kinds;
import dev.safefinetune.local.api.model.ResourceType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * OpenAPI v3, as far as {@code kubectl} needs it: that writes understand {@code fieldValidation}, and the schemas of
 * custom kinds for {@code kubectl explain}.
 */
public final class OpenApi {
    private static final String ROOT = "/openapi/v3";

    private final Kinds kinds;

    public OpenApi(Kinds kinds) {
        this.kinds = kinds;
    }

    boolean answer(Call call) throws IOException {
        if (!call.path().startsWith(ROOT)) {
            return false;
        }
        if (call.path().equals(ROOT)) {
            call.answer(200, index(call.prefix()));
            return true;
        }
        String path = call.path().substring(ROOT.length() + 1);
        List<ResourceType> types =
                kinds.types().all().stream().filter(t -> path(t).equals(path)).toList();
        if (types.isEmpty()) {
            return false;
        }
        call.answer(200, document(types));
        return true;
    }

    private static String path(ResourceType type) {
        return (type.group().isEmpty() ? "api/" : "apis/") + type.apiVersion();
    }

    private ObjectNode index(String prefix) {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        Stream<String> all = kinds.types().all().stream().map(OpenApi::path).distinct();
        all.forEach(p -> paths.putObject(p).put("serverRelativeURL", prefix + ROOT + "/" + p));
        return index;
    }

    private ObjectNode document(List<ResourceType> types) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.34.0");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        ObjectNode paths = document.putObject("paths");
        for (ResourceType type : types) {
            ObjectNode operation = paths.putObject("/" + path(type) + "/"
                            + (type.namespaced() ? "namespaces/{namespace}/" : "") + type.plural() + "/{name}")
                    .putObject("patch");
            operation
                    .putArray("parameters")
                    .addObject()
                    .put("name", "fieldValidation")
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string");
            identify(operation.putObject("x-kubernetes-group-version-kind"), type);
            ObjectNode schema = schemas.putObject(
                    (type.group().isEmpty() ? "core" : type.group()) + "." + type.version() + "." + type.kind());
            Optional.of(type)
                    .flatMap(kinds::definition)
                    .map(v -> v.at("/schema/openAPIV3Schema"))
                    .ifPresentOrElse(s -> schema.setAll((ObjectNode) s.deepCopy()), () -> schema.put("type", "object"));
            identify(schema.putArray("x-kubernetes-group-version-kind").addObject(), type);
        }
        return document;
    }

    private static void identify(ObjectNode at, ResourceType type) {
        at.put("group", type.group()).put("version", type.version()).put("kind", type.kind());
    }
}
