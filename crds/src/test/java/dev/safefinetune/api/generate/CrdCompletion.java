package dev.safefinetune.api.generate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds to a CRD what the generator cannot be told by annotations. */
final class CrdCompletion implements CRDPostProcessor {
    /** Lists whose items are told apart by a key, so that two writers can each own their items. */
    private static final Map<String, String> MAP_LISTS =
            Map.of("conditions", "type", "stages", "name", "categories", "name");

    private static final Set<String> SET_LISTS =
            Set.of("allowedNamespaces", "allowedModels", "namespaces", "targetModules", "waives");

    private final List<Class<?>> kinds;
    private final List<CustomResourceDefinition> completed = new ArrayList<>();

    CrdCompletion(List<Class<?>> kinds) {
        this.kinds = kinds;
    }

    List<CustomResourceDefinition> completed() {
        return completed;
    }

    @Override
    public HasMetadata process(HasMetadata resource, String version) {
        // A deep copy that holds plain model objects, whatever the generator handed over.
        CustomResourceDefinition crd =
                Serialization.unmarshal(Serialization.asJson(resource), CustomResourceDefinition.class);
        Class<?> kind = kinds.stream()
                .filter(each ->
                        each.getSimpleName().equals(crd.getSpec().getNames().getKind()))
                .findFirst()
                .orElseThrow();
        crd.getSpec().getNames().setCategories(List.of("safefinetuning"));
        for (CustomResourceDefinitionVersion each : crd.getSpec().getVersions()) {
            each.setAdditionalPrinterColumns(inDeclaredOrder(kind, each.getAdditionalPrinterColumns()));
            root(kind, each.getSchema().getOpenAPIV3Schema());
            complete("", each.getSchema().getOpenAPIV3Schema());
        }
        completed.add(crd);
        return crd;
    }

    /** kubectl prints columns in this order; the generator sorts them by path. */
    private static List<CustomResourceColumnDefinition> inDeclaredOrder(
            Class<?> kind, List<CustomResourceColumnDefinition> sorted) {
        List<String> order = Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .map(String::toUpperCase)
                .toList();
        List<CustomResourceColumnDefinition> ordered = new ArrayList<>(sorted);
        ordered.sort((a, b) -> Integer.compare(
                order.indexOf(a.getName().toUpperCase()),
                order.indexOf(b.getName().toUpperCase())));
        return ordered;
    }

    private static void root(Class<?> kind, JSONSchemaProps root) {
        root.setDescription(description(kind));
        root.setRequired(List.of("spec"));
        JSONSchemaProps status = requireNonNull(root.getProperties().get("status"));
        if (status.getProperties() == null || status.getProperties().isEmpty()) {
            root.getProperties().remove("status");
        } else {
            status.setDescription("What the operator observed.");
            // A resource without any status counts as healthy for GitOps tools; this one says: not seen yet.
            status.setDefault(JsonNodeFactory.instance.objectNode().put("observedGeneration", -1));
        }
        requireNonNull(root.getProperties().get("spec")).setDescription("What is wished for.");
        // The API server knows the metadata itself; the name is said so that a rule can point at it.
        JSONSchemaProps name = new JSONSchemaProps();
        name.setType("string");
        JSONSchemaProps metadata = new JSONSchemaProps();
        metadata.setType("object");
        metadata.setProperties(Map.of("name", name));
        root.getProperties().putIfAbsent("metadata", metadata);
    }

    private static String description(Class<?> kind) {
        return requireNonNull(kind.getAnnotation(JsonClassDescription.class)).value();
    }

    private static void complete(String name, JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            // A record's component carries its annotations twice, on the field and on the accessor.
            schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        }
        if ("object".equals(schema.getType()) && schema.getDefault() != null && !name.equals("status")) {
            // The fields' own defaults fill it, so that each default stands in one place.
            schema.setDefault(JsonNodeFactory.instance.objectNode());
        }
        if ("array".equals(schema.getType())) {
            listType(name, schema);
            complete("", schema.getItems().getSchema());
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach(CrdCompletion::complete);
        }
    }

    private static void listType(String name, JSONSchemaProps schema) {
        String key = MAP_LISTS.get(name);
        if (key != null) {
            schema.setXKubernetesListType("map");
            schema.setXKubernetesListMapKeys(List.of(key));
        } else {
            schema.setXKubernetesListType(SET_LISTS.contains(name) ? "set" : "atomic");
        }
    }
}
