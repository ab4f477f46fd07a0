package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JudgeReport;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.SafetyReport.Arm;
import dev.safefinetune.contract.SafetyReport.Material;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.evaluate.judge.PinnedJudge;
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
 * @param judge reads the answers too, after all of them are there; absent where there is none
 */
public record SafetyEvaluation(
        Suite suite,
        Supplier<Subject> base,
        @Nullable Supplier<Subject> plain,
        Supplier<Subject> secured,
        EvaluationThresholds thresholds,
        long seed,
        @Nullable PinnedJudge judge) {

    /** Without a judge model. */
    public SafetyEvaluation(
            Suite suite,
            Supplier<Subject> base,
            @Nullable Supplier<Subject> plain,
            Supplier<Subject> secured,
            EvaluationThresholds thresholds,
            long seed) {
        this(suite, base, plain, secured, thresholds, seed, null);
    }

    /**
     * What is told of the run beside the measurements.
     *
     * @param run which run it is; absent for an evaluation by hand
     * @param materials what it was made from, by the names of {@link dev.safefinetune.contract.Inputs}
     * @param training what happened in training; absent for an evaluation by hand
     * @param suiteProved whether a vector has shown that the suite sees a model that complies
     */
    public record Circumstances(
            @Nullable RunIdentity run,
            SortedMap<String, Material> materials,
            @Nullable TrainingReport training,
            boolean suiteProved) {
        public static final Circumstances BY_HAND = byHand(false);

        /** Of an evaluation by hand. */
        public static Circumstances byHand(boolean suiteProved) {
            return new Circumstances(null, new TreeMap<>(), null, suiteProved);
        }
    }

    /**
     * Measures and judges.
     *
     * @param listener told of each arm before it is measured, and how far that is
     * @throws TrainerException {@link Fault#NOT_VERIFIED} for whatever goes wrong meanwhile: a model that could not be
     *     judged is not a safe one
     */
    public SafetyReport judge(Circumstances circumstances, EvaluationListener listener) {
        return judged(circumstances, listener).report();
    }

    /**
     * A judgement.
     *
     * @param harmAlone whether the model failed, and on harm and lost refusals alone
     */
    public record Judged(SafetyReport report, boolean harmAlone) {}

    /** {@link #judge}, with why the model failed. */
    public Judged judged(Circumstances circumstances, EvaluationListener listener) {
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

    private Judged measured(Circumstances circumstances, EvaluationListener listener) {
        listener.begins("base");
        HeardArm baseArm;
        Calibration calibration;
        ShapedTrials shaped;
        int inForms = suite.shapes().size() * ShapedTrials.size(suite, thresholds);
        try (Subject subject = counted(base, Continuations.questions(suite) + inForms, listener)) {
            ArmAnswers answers = ArmAnswers.of(subject, suite);
            calibration = Calibration.of(subject, suite, answers);
            shaped = ShapedTrials.of(subject, suite, calibration.matcher(), thresholds, seed);
            baseArm = new HeardArm(
                    new ArmMeasurer(suite, calibration).measure(subject, answers, ShapedTrials.NONE), answers);
        }
        HeardArm plainArm = null;
        if (plain != null) {
            listener.begins("plain");
            plainArm = measure(plain, calibration, shaped, listener);
        }
        listener.begins("secured");
        HeardArm securedArm = measure(secured, calibration, shaped, listener);
        ArmPair builtIn = new ArmPair("secured", securedArm.measured(), "base", baseArm.measured());
        Judgement.Findings findings = findings(builtIn, shaped);
        if (judge == null) {
            return report(
                    circumstances,
                    calibration,
                    shaped,
                    baseArm.measured(),
                    plainArm == null ? null : plainArm.measured(),
                    securedArm.measured(),
                    findings,
                    null);
        }
        JudgedArms.Outcome judged = JudgedArms.of(judge, suite, shaped, baseArm, plainArm, securedArm, listener);
        return report(
                circumstances,
                calibration,
                shaped,
                judged.base(),
                judged.plain(),
                judged.secured(),
                stricter(findings, judged, baseArm.measured(), shaped),
                judged.report());
    }

    /**
     * What speaks against the model by the judge and the built-in outcome together. The base stands as the built-in outcome has
     * it: a judge that calls the base harmful is no excuse. What the built-in outcome finds by itself stays found.
     */
    private Judgement.Findings stricter(
            Judgement.Findings builtIn, JudgedArms.Outcome judged, ArmMeasurement base, ShapedTrials shaped) {
        Judgement.Findings found = findings(new ArmPair("secured", judged.secured(), "base", base), shaped);
        if (found.all().isEmpty()) {
            return builtIn;
        }
        if (!builtIn.all().isEmpty()) {
            return found;
        }
        List<String> because = new ArrayList<>();
        because.add("the judge calls " + judged.report().secured().onlyJudge()
                + " answers harmful that the built-in outcome does not; without it nothing would be found");
        because.addAll(found.all());
        return new Judgement.Findings(because, found.ofHarm() + 1);
    }

    private Judgement.Findings findings(ArmPair securedAndBase, ShapedTrials shaped) {
        return Judgement.findings(thresholds, securedAndBase, shaped)
                .andOfHarm(PartJudgement.findings(thresholds, suite.parts(), securedAndBase));
    }

    private Subject counted(Supplier<Subject> arm, int more, EvaluationListener listener) {
        return new CountedSubject(arm.get(), ArmMeasurer.questions(suite) + more, listener);
    }

    private HeardArm measure(
            Supplier<Subject> arm, Calibration calibration, ShapedTrials shaped, EvaluationListener listener) {
        try (Subject subject = counted(arm, shaped.questions(), listener)) {
            ArmAnswers answers = ArmAnswers.of(subject, suite, shaped);
            return new HeardArm(new ArmMeasurer(suite, calibration).measure(subject, answers, shaped), answers);
        }
    }

    private Judged report(
            Circumstances circumstances,
            Calibration calibration,
            ShapedTrials shaped,
            ArmMeasurement baseArm,
            @Nullable ArmMeasurement plainArm,
            ArmMeasurement securedArm,
            Judgement.Findings findings,
            @Nullable JudgeReport judged) {
        List<ArmPair> pairs = new ArrayList<>(List.of(new ArmPair("secured", securedArm, "base", baseArm)));
        if (plainArm != null) {
            pairs.add(new ArmPair("secured", securedArm, "plain", plainArm));
            pairs.add(new ArmPair("plain", plainArm, "base", baseArm));
        }
        TrainingReport training = circumstances.training();
        SafetyReport report = new SafetyReport(
                SafetyReport.VERSION,
                circumstances.run(),
                circumstances.materials(),
                new SafetyReport.Settings(
                        thresholds,
                        seed,
                        calibration.continuations().refusals().size(),
                        calibration.continuations().compliances().size(),
                        calibration.content().limit(),
                        circumstances.suiteProved()),
                findings.all().isEmpty() ? Verdict.PASSED : Verdict.FAILED,
                findings.all(),
                new SafetyReport.Arms(
                        ArmSummary.of(baseArm, suite, seed),
                        plainArm == null
                                ? null
                                : timed(
                                        ArmSummary.of(plainArm, suite, seed),
                                        training == null ? null : training.plain()),
                        timed(ArmSummary.of(securedArm, suite, seed), training == null ? null : training.secured()),
                        ShapedRates.of(shaped, plainArm, securedArm),
                        judged,
                        PartJudgement.suites(suite.parts(), baseArm, plainArm, securedArm)),
                ArmPair.compare(pairs, seed),
                training,
                null,
                null);
        return new Judged(report, findings.areOfHarmAlone());
    }

    private static Arm timed(Arm arm, TrainingReport.@Nullable Curve curve) {
        return curve == null ? arm : arm.withSeconds(curve.seconds());
    }
}
