package dev.safefinetune.local.api.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.local.api.model.Meta;
import dev.safefinetune.local.api.model.ResourceType;
import dev.safefinetune.local.api.model.ResourceTypes;
import dev.safefinetune.local.api.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The rules of every kind that is served; follows the CustomResourceDefinitions in the store. */
public final class Kinds {
    /** A kind of a CustomResourceDefinition: its version of the definition and the rules read from it. */
    private record Custom(JsonNode version, CustomRules rules) {}

    private final ResourceTypes types = new ResourceTypes();
    private final Map<String, Rules> builtIn = new ConcurrentHashMap<>();
    private final Map<String, Custom> custom = new ConcurrentHashMap<>();

    /** Serves the definitions that are in the store already. */
    public Kinds(ObjectStore store) {
        for (ObjectNode definition : store.list(DefinitionRules.RESOURCE, "").items()) {
            serve(definition);
        }
    }

    public ResourceTypes types() {
        return types;
    }

    Rules rules(ResourceType type) {
        if (type.qualified().equals(DefinitionRules.RESOURCE)) {
            return builtIn.computeIfAbsent(type.qualified(), q -> new DefinitionRules());
        }
        Custom found = custom.get(type.qualified());
        return found != null ? found.rules : builtIn.computeIfAbsent(type.qualified(), q -> BuiltInRules.of(type));
    }

    ListShape listShape(ResourceType type) {
        Custom found = custom.get(type.qualified());
        return found == null ? ListShape.builtIn() : found.rules.listShape();
    }

    /** Printer columns, schema and the like of a custom kind. */
    public Optional<JsonNode> definition(ResourceType type) {
        return Optional.ofNullable(custom.get(type.qualified())).map(Custom::version);
    }

    /** Starts to serve the storage version of a definition, or a newer form of it. */
    void serve(ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        for (JsonNode version : spec.path("versions")) {
            if (version.path("storage").asBoolean() && version.path("served").asBoolean()) {
                ResourceType type = type(spec, version);
                custom.put(type.qualified(), new Custom(version, new CustomRules(definition, version)));
                types.serve(type);
            }
        }
    }

    void withdraw(ObjectNode definition) {
        custom.remove(Meta.name(definition));
        types.withdraw(Meta.name(definition));
    }

    private static ResourceType type(JsonNode spec, JsonNode version) {
        List<String> shortNames = new ArrayList<>();
        spec.at("/names/shortNames").forEach(n -> shortNames.add(n.asText()));
        return new ResourceType(
                spec.path("group").asText(),
                version.path("name").asText(),
                spec.at("/names/kind").asText(),
                spec.at("/names/plural").asText(),
                spec.path("scope").asText().equals("Namespaced"),
                version.path("subresources").has("status"),
                shortNames);
    }
}
