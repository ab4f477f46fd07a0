package dev.safefinetune.trainer.adapter;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.List;

/** Which layers an adapter's settings mean. */
final class Targets {
    private Targets() {}

    static List<AdapterLayer> layers(CausalModel model, LoraSettings settings) {
        boolean all = settings.targetModules().contains(LoraSettings.ALL_LINEAR);
        List<String> modules = model.network().order().modules();
        if (!all) {
            settings.targetModules().forEach(target -> check(model, target, modules));
        }
        return modules.stream()
                .filter(m -> all || settings.targetModules().stream().anyMatch(t -> matches(m, t)))
                .map(m -> new AdapterLayer(m, settings.rank(), settings.scale()))
                .toList();
    }

    private static void check(CausalModel model, String target, List<String> modules) {
        if (modules.stream().noneMatch(m -> matches(m, target))) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "lora.targetModules: the model has no linear layer " + target + "; it has "
                            + String.join(", ", model.targetModules()) + ", or " + LoraSettings.ALL_LINEAR
                            + " for all of them");
        }
    }

    /** PEFT's rule: the whole path, or its end after a dot. */
    static boolean matches(String module, String target) {
        return module.equals(target) || module.endsWith("." + target);
    }
}
