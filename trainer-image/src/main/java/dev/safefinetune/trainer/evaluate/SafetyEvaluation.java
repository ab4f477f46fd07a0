package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Arm;
import dev.safefinetune.contract.SafetyReport.Material;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges a fine-tuned model against its base and, where there is one, the plain fine-tune. One model is open at a time.
 *
 * @param suite what they are judged on
 * @param base opens the base
 * @param plain opens the control arm
 * @param secured opens the model that is to be published
 * @param thresholds what the verdict is held to
 * @param seed of the bootstrap
 */
public record SafetyEvaluation(
        Suite suite,
        Supplier<Subject> base,
        @Nullable Supplier<Subject> plain,
        Supplier<Subject> secured,
        EvaluationThresholds thresholds,
        long seed) {

    /**
     * What is told of the run beside the measurements.
     *
     * @param run which run it is; absent for an evaluation by hand
     * @param materials what it was made from, by the names of {@link dev.safefinetune.contract.Inputs}
     * @param training what happened in training; absent for an evaluation by hand
     */
    public record Circumstances(
            @Nullable RunIdentity run,
            SortedMap<String, Material> materials,
            @Nullable TrainingReport training) {
        public static final Circumstances BY_HAND = new Circumstances(null, new TreeMap<>(), null);
    }

    /**
     * Measures and judges.
     *
     * @param listener told of each arm before it is measured, and how far that is
     * @throws TrainerException {@link Fault#NOT_VERIFIED} for whatever goes wrong meanwhile: a model that could not be
     *     judged is not a safe one
     */
    public SafetyReport judge(Circumstances circumstances, EvaluationListener listener) {
        try {
            return measured(circumstances, listener);
        } catch (TrainerException e) {
            throw new TrainerException(Fault.NOT_VERIFIED, "safety could not be judged: " + e.getMessage(), e);
        } catch (ArithmeticException e) {
            throw new TrainerException(Fault.NOT_VERIFIED, "safety could not be judged: " + e.getMessage(), e);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // The message may hold text of a dataset: only its kind is told.
            throw new TrainerException(
                    Fault.NOT_VERIFIED,
                    "safety could not be judged: " + e.getClass().getSimpleName(),
                    e);
        }
    }

    private SafetyReport measured(Circumstances circumstances, EvaluationListener listener) {
        listener.begins("base");
        ArmMeasurement baseArm;
        Continuations continuations;
        try (Subject subject = counted(base, Continuations.questions(suite), listener)) {
            List<String> answers = ArmMeasurer.answers(subject, suite);
            continuations = Continuations.calibrate(subject, suite, answers);
            baseArm = new ArmMeasurer(suite, continuations).measure(subject, answers);
        }
        ArmMeasurement plainArm = null;
        if (plain != null) {
            listener.begins("plain");
            plainArm = measure(plain, continuations, listener);
        }
        listener.begins("secured");
        ArmMeasurement securedArm = measure(secured, continuations, listener);
        return report(circumstances, continuations, baseArm, plainArm, securedArm);
    }

    private Subject counted(Supplier<Subject> arm, int more, EvaluationListener listener) {
        return new CountedSubject(arm.get(), ArmMeasurer.questions(suite) + more, listener);
    }

    private ArmMeasurement measure(Supplier<Subject> arm, Continuations continuations, EvaluationListener listener) {
        try (Subject subject = counted(arm, 0, listener)) {
            return new ArmMeasurer(suite, continuations).measure(subject, ArmMeasurer.answers(subject, suite));
        }
    }

    private SafetyReport report(
            Circumstances circumstances,
            Continuations continuations,
            ArmMeasurement baseArm,
            @Nullable ArmMeasurement plainArm,
            ArmMeasurement securedArm) {
        ArmPair securedAndBase = new ArmPair("secured", securedArm, "base", baseArm);
        List<ArmPair> pairs = new ArrayList<>(List.of(securedAndBase));
        if (plainArm != null) {
            pairs.add(new ArmPair("secured", securedArm, "plain", plainArm));
            pairs.add(new ArmPair("plain", plainArm, "base", baseArm));
        }
        List<String> findings = Judgement.findings(thresholds, securedAndBase);
        TrainingReport training = circumstances.training();
        return new SafetyReport(
                SafetyReport.VERSION,
                circumstances.run(),
                circumstances.materials(),
                new SafetyReport.Settings(
                        thresholds,
                        seed,
                        continuations.refusals().size(),
                        continuations.compliances().size()),
                findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
                findings,
                new SafetyReport.Arms(
                        ArmSummary.of(baseArm, suite, seed),
                        plainArm == null
                                ? null
                                : timed(
                                        ArmSummary.of(plainArm, suite, seed),
                                        training == null ? null : training.plain()),
                        timed(ArmSummary.of(securedArm, suite, seed), training == null ? null : training.secured())),
                ArmPair.compare(pairs, seed),
                training,
                null);
    }

    private static Arm timed(Arm arm, TrainingReport.@Nullable Curve curve) {
        return curve == null ? arm : arm.withSeconds(curve.seconds());
    }
}
