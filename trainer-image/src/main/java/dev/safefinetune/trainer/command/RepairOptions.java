package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.pipeline.ByHand;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.RepairByHand;
import dev.safefinetune.trainer.pipeline.RepairOnce;
import dev.safefinetune.trainer.pipeline.SuiteHalves;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A repair of the model that is judged, with the default of the resource. */
final class RepairOptions {
    @Option(
            names = "--repair",
            paramLabel = "disabled|once",
            defaultValue = "disabled",
            description =
                    "once: where the model fails on harm alone, train it for a few steps on the base's own answers, which"
                            + " lie beside --vector, and judge it once more on requests that the first judgement did not ask;"
                            + " each judgement asks one half of --prompts (default ${DEFAULT-VALUE})")
    private String repair = "disabled";

    @Option(
            names = "--repaired",
            paramLabel = "DIR",
            description = "where a repaired model goes that has passed; needed with --repair once")
    private @Nullable Path out;

    Repair wished() {
        return switch (repair.toLowerCase(Locale.ROOT)) {
            case "disabled" -> Repair.DISABLED;
            case "once" -> Repair.ONCE;
            default ->
                throw new TrainerException(Fault.SETTINGS_INVALID, "--repair must be disabled or once, was " + repair);
        };
    }

    /** What a repair works with, checked. */
    record Files(RepairByHand.Source source, Path out) {
        SafetyReport judge(Suite suite, RepairOnce.Judge judge, EventLog log) {
            return RepairByHand.judge(source, suite, judge, out, Console.progress(Stage.EVALUATE, log), log);
        }
    }

    /**
     * Refuses what cannot be repaired, before anything is measured.
     *
     * @return absent where no repair is wished
     */
    Optional<Files> check(Path base, Path model, List<Path> vectors, Suite suite, EvaluationThresholds thresholds) {
        Path place = out;
        if (!thresholds.repairs()) {
            if (place != null) {
                throw new TrainerException(Fault.SETTINGS_INVALID, "--repaired needs --repair once");
            }
            return Optional.empty();
        }
        if (vectors.size() > 1 || suite.parts().size() > 1) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "--repair once needs one --vector and one --prompts, there are " + vectors.size() + " and "
                            + suite.parts().size());
        }
        if (vectors.isEmpty() || place == null) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "--repair once needs "
                            + (vectors.isEmpty()
                                    ? "--vector, beside which the base's own answers lie"
                                    : "--repaired, where a repaired model goes"));
        }
        ByHand.checkOutput(place);
        SuiteHalves.requireEnough(suite, thresholds);
        return Optional.of(new Files(RepairByHand.source(base, model, vectors.getFirst(), suite), place));
    }
}
