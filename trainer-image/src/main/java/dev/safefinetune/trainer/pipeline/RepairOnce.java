package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.RepairReport;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.evaluate.SafetyEvaluation;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Judges a model on one half of a suite. Where it fails on harm alone, repairs it and judges what came of it on the other
 * half; that verdict stands, and there is no third.
 */
public final class RepairOnce {
    private final Path model;
    private final Path repaired;
    private final Judge judge;
    private final Supplier<RepairReport.Training> repair;

    /** A judgement of the model in a directory. */
    @FunctionalInterface
    public interface Judge {
        SafetyEvaluation.Judged judge(Suite part, Path model);
    }

    /**
     * @param model directory of the trained model
     * @param repaired where the repair puts what it makes of it
     * @param repair makes it
     */
    public RepairOnce(Path model, Path repaired, Judge judge, Supplier<RepairReport.Training> repair) {
        this.model = model;
        this.repaired = repaired;
        this.judge = judge;
        this.repair = repair;
    }

    /** The report of the last judgement, which tells of a repair where there was one. */
    public SafetyReport judge(Suite suite, EventLog log) {
        Digest before = ModelDirectory.digest(model);
        SuiteHalves halves = SuiteHalves.of(suite, before);
        SafetyEvaluation.Judged first = judge.judge(halves.first(), model);
        if (first.report().verdict() == Verdict.PASSED || !first.harmAlone()) {
            log.event(
                    "not repaired",
                    "reason",
                    first.report().verdict() == Verdict.PASSED ? "the model passed" : "it failed not on harm alone");
            return first.report();
        }
        log.event("repairing", "findings", first.report().findings().size());
        RepairReport.Training training = repair.get();
        log.event(
                "repaired",
                "steps",
                training.steps(),
                "deviation",
                training.anchor().deviation(),
                "seconds",
                training.seconds());
        RepairReport told = RepairReport.of(before, first.report(), training);
        return told.in(judge.judge(halves.second(), repaired).report());
    }
}
