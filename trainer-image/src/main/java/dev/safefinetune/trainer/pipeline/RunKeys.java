package dev.safefinetune.trainer.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.checkpoint.RunKey;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tensor.NativeLibrary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** By what a checkpoint is known to be a run's own. */
public final class RunKeys {
    /** Name and version of this program. */
    public static final String TRAINER = "trainer 0.1.0";

    /** Fields that came later say nothing where they are absent, so that a run which an earlier release began goes on. */
    private static final Map<String, List<String>> LATER =
            Map.of("gate", List.of("unit"), "vector", List.of("tokenGate", "provenSuites", "suite", "others"));

    private RunKeys() {}

    /** Of a pod: the run, its task to the letter but for how it is saved, what the prepare stage left, the devices, and the engine. */
    static RunKey of(RunIdentity run, StageTask task, Inputs inputs, List<Device> devices) {
        Map<String, String> facts = new TreeMap<>(Map.of("run", run.uid() + "/" + run.id()));
        inputs.digests().forEach((name, digest) -> facts.put("input " + name, digest.value()));
        ObjectNode settings = new ObjectMapper().valueToTree(task);
        settings.remove("checkpoint");
        LATER.forEach((part, fields) -> {
            if (settings.get(part) instanceof ObjectNode node) {
                fields.forEach(field -> removeAbsent(node, field));
            }
        });
        removeAbsent(settings, "anchor");
        return of(facts, settings, devices);
    }

    /**
     * Of a command.
     *
     * @param model directory of the base model
     * @param settings records that decide how the training goes
     * @param files whatever else it reads, by what it is for
     * @param devices that it computes on
     */
    public static RunKey ofCommand(Path model, Object settings, Map<String, Path> files, List<Device> devices) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("input model", Digests.ofDirectory(model).value());
        files.forEach((name, path) -> facts.put(
                "input " + name, (Files.isDirectory(path) ? Digests.ofDirectory(path) : Digests.ofFile(path)).value()));
        return of(facts, settings, devices);
    }

    private static void removeAbsent(ObjectNode node, String field) {
        if (node.path(field).isNull()) {
            node.remove(field);
        }
    }

    private static RunKey of(Map<String, String> facts, Object settings, List<Device> devices) {
        Map<String, String> all = new TreeMap<>(facts);
        all.put(
                "settings",
                Digests.ofBytes(ContractJson.write(settings).getBytes(StandardCharsets.UTF_8))
                        .value());
        all.put("devices", PodDevices.text(devices));
        all.put("engine", TRAINER + ", libtorch " + NativeLibrary.version());
        return new RunKey(new TreeMap<>(all));
    }
}
