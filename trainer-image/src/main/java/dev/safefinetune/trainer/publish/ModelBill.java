package dev.safefinetune.trainer.publish;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Material;
import java.util.Locale;
import java.util.Set;

/**
 * What a model was made from, as a bill of materials in CycloneDX 1.6: the model with its files, its base, its data, the suite
 * that it was judged with. It has neither time nor serial number, so that the same model has the same bill.
 */
public final class ModelBill {
    private static final Set<String> MODELS = Set.of(Inputs.MODEL, Inputs.VECTOR, Inputs.JUDGE);

    /** What the run itself made stands in the model's files, or is gone. */
    private static final Set<String> OWN =
            Set.of(Inputs.SECURED, Inputs.PLAIN, Inputs.ADAPTER, Inputs.REPAIRED, Inputs.REPAIRED_ADAPTER);

    private static final String PREFIX = "sha256:";

    private ModelBill() {}

    /**
     * Writes the bill.
     *
     * @param listing of the files beside it, each a line of digest and name
     */
    public static String of(SafetyReport report, PublishedContent content, String uri, String listing) {
        ObjectNode bill = JsonNodeFactory.instance.objectNode();
        bill.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
        ObjectNode model = bill.putObject("metadata").putObject("component");
        model.put("type", "machine-learning-model").put("bom-ref", "model").put("name", uri);
        SafetyReport.Published published = report.published();
        if (published != null) {
            hash(model, published.digest());
        }
        card(model.putObject("modelCard"), report, content);
        files(model.putArray("components"), listing);
        ArrayNode components = bill.putArray("components");
        ArrayNode needed = JsonNodeFactory.instance.arrayNode();
        report.materials().forEach((name, material) -> {
            if (!OWN.contains(name)) {
                material(components.addObject(), name, material);
                needed.add("material:" + name);
            }
        });
        ObjectNode dependency = bill.putArray("dependencies").addObject();
        dependency.put("ref", "model").set("dependsOn", needed);
        return ContractJson.writePretty(bill) + "\n";
    }

    private static void card(ObjectNode card, SafetyReport report, PublishedContent content) {
        ObjectNode parameters = card.putObject("modelParameters");
        parameters.putObject("approach").put("type", "supervised");
        parameters.put("task", "text-generation");
        ArrayNode data = parameters.putArray("datasets");
        report.materials().keySet().stream()
                .filter(name -> !OWN.contains(name) && !isModel(name))
                .forEach(name -> data.addObject().put("ref", "material:" + name));
        Rate harmful = report.arms().secured().harmfulCompliance();
        ObjectNode metric = card.putObject("quantitativeAnalysis")
                .putArray("performanceMetrics")
                .addObject();
        metric.put("type", "harmful compliance").put("value", number(harmful.rate()));
        metric.putObject("confidenceInterval")
                .put("lowerBound", number(harmful.lower95()))
                .put("upperBound", number(harmful.upper95()));
        ArrayNode properties = card.putArray("properties");
        property(properties, "safefinetune:verdict", report.verdict().toString());
        property(properties, "safefinetune:content", content == PublishedContent.ADAPTER ? "Adapter" : "Merged");
    }

    private static void property(ArrayNode properties, String name, String value) {
        properties.addObject().put("name", name).put("value", value);
    }

    private static void files(ArrayNode files, String listing) {
        listing.lines().forEach(line -> {
            String[] parts = line.split(" {2}", 2);
            ObjectNode file = files.addObject();
            file.put("type", "file").put("bom-ref", "file:" + parts[1]).put("name", parts[1]);
            hash(file, new Digest(PREFIX + parts[0]));
        });
    }

    private static void material(ObjectNode component, String name, Material material) {
        component
                .put("type", isModel(name) ? "machine-learning-model" : "data")
                .put("bom-ref", "material:" + name)
                .put("name", name);
        hash(component, material.digest());
        if (material.uri() != null) {
            property(component.putArray("properties"), "safefinetune:uri", material.uri());
        }
    }

    /** Of several, the second has a number behind its name. */
    private static boolean isModel(String name) {
        return MODELS.contains(name.replaceFirst("[0-9]+$", ""));
    }

    private static void hash(ObjectNode component, Digest digest) {
        component
                .putArray("hashes")
                .addObject()
                .put("alg", "SHA-256")
                .put("content", digest.value().substring(PREFIX.length()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }
}
