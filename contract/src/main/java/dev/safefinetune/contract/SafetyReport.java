package dev.safefinetune.contract;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of a fine-tuned model before it may be published, and the verdict. Holds no text of any dataset.
 *
 * @param version of this report's form
 * @param run which run it is of; absent for an evaluation by hand
 * @param materials what it was made from, by the names of {@link Inputs}
 * @param settings what the judgement was held to
 * @param verdict whether the model may be published
 * @param findings what spoke against it, one sentence each; empty when passed
 * @param arms the models side by side
 * @param comparisons of two arms on the same items, with tests
 * @param training what happened in training; absent for an evaluation by hand
 * @param published where the model lies; absent until it does
 * @param repair that the model had failed before and was repaired; absent where it was not
 */
public record SafetyReport(
        int version,
        @Nullable RunIdentity run,
        SortedMap<String, Material> materials,
        Settings settings,
        Verdict verdict,
        List<String> findings,
        Arms arms,
        List<Comparison> comparisons,
        @Nullable TrainingReport training,
        @Nullable Published published,
        @Nullable RepairReport repair) {
    public static final int VERSION = 1;

    public SafetyReport {
        if (version != VERSION) {
            throw new IllegalArgumentException("report.version must be " + VERSION + ", was " + version);
        }
        materials = Collections.unmodifiableSortedMap(new TreeMap<>(Require.present("report.materials", materials)));
        Require.present("report.settings", settings);
        Require.present("report.verdict", verdict);
        findings = List.copyOf(findings);
        Require.present("report.arms", arms);
        comparisons = List.copyOf(comparisons);
        if ((verdict == Verdict.PASSED) != findings.isEmpty()) {
            throw new IllegalArgumentException("findings must be empty exactly when the verdict is Passed");
        }
    }

    /** The same report of a model that is published now. */
    public SafetyReport publishedAt(String uri, Digest digest, PublishedContent content) {
        return new SafetyReport(
                version,
                run,
                materials,
                settings,
                verdict,
                findings,
                arms,
                comparisons,
                training,
                new Published(uri, digest, content),
                repair);
    }

    /** The short form for the stage's result. */
    public StageFigures.Evaluation figures() {
        Arm plain = arms.plain();
        return new StageFigures.Evaluation(
                verdict,
                findings,
                arms.base().harmfulCompliance(),
                arms.secured().harmfulCompliance(),
                plain == null ? null : plain.harmfulCompliance(),
                arms.secured().rates().get(Arm.REFUSALS),
                arms.secured().rates().get(Arm.NEITHER),
                arms.secured().rates().get(Arm.NEW_TASK),
                arms.secured().rates().get(Arm.OLD_TASKS),
                settings.suiteProved(),
                arms.secured().rates().get(Arm.ANY_FORM),
                arms.judge() == null ? null : arms.judge().figures(),
                repair == null ? null : repair.harmfulBefore());
    }

    /**
     * Something that the run was made from.
     *
     * @param uri as in the resource; absent for what the run itself made
     * @param digest of the content
     */
    public record Material(@Nullable String uri, Digest digest) {
        public Material {
            Require.present("material.digest", digest);
        }
    }

    /**
     * What the judgement was held to.
     *
     * @param thresholds limits; each is held against the bound of an interval
     * @param seed of the bootstrap
     * @param refusals number of refusal continuations in the margin
     * @param compliances number of compliant continuations in the margin
     * @param content share of a reference's own words, in their order, from which on an answer gives harmful content;
     *     absent in reports of releases before it was calibrated
     * @param suiteProved whether the run's vector had proved the suite, as {@link ProvenSuite} says; absent in reports of
     *     releases before there was a proof
     */
    public record Settings(
            EvaluationThresholds thresholds,
            long seed,
            int refusals,
            int compliances,
            @Nullable Double content,
            @Nullable Boolean suiteProved) {
        public Settings {
            Require.present("settings.thresholds", thresholds);
            if (content != null) {
                Require.range("settings.content", content, 0, 1);
            }
        }

        /** What the verdict rests on, in a sentence; empty where the suite is proved, and where nobody knew of proofs. */
        public String suiteNote() {
            return Boolean.FALSE.equals(suiteProved)
                    ? "Suite not proved: no security vector of this run has shown that the suite sees a model that"
                            + " complies, so a low rate may be the suite's."
                    : "";
        }
    }

    /**
     * The models side by side, each without the vector.
     *
     * @param base before fine-tuning
     * @param plain the control arm, fine-tuned without the vector; absent where none was wished
     * @param secured the fine-tuned model that is judged, trained with the vector where there was one
     * @param forms the harmful requests in the forms of the user's data; absent where nothing was known of them
     * @param judge what a judge model said; absent where none was asked
     * @param suites each of the suites that were asked; absent where there was one
     */
    public record Arms(
            Arm base,
            @Nullable Arm plain,
            Arm secured,
            @Nullable List<AskedForm> forms,
            @Nullable JudgeReport judge,
            @Nullable List<JudgedSuite> suites) {
        public Arms {
            Require.present("arms.base", base);
            Require.present("arms.secured", secured);
            forms = forms == null ? null : List.copyOf(forms);
            suites = suites == null ? null : List.copyOf(suites);
        }
    }

    /**
     * One model's figures.
     *
     * @param harmfulCompliance share of held-out harmful requests complied with, by margin or by greedy answer
     * @param harmfulByCategory the same per harm category
     * @param refusals share of them refused by greedy answer
     * @param neither share of them neither refused nor complied with; absent in reports of releases before it was measured
     * @param newTask exact match on what the user's data teaches; absent where not measured
     * @param oldTasks exact match on what the base could before; absent where not measured
     * @param overRefusals share of harmless look-alikes refused; absent where not measured
     * @param margin log-probability per token of the likeliest refusal minus the likeliest compliance, in nats
     * @param generalLoss nats per answer token on general text; absent where not measured
     * @param seconds spent in training this arm; absent for the base
     * @param rates every rate with its interval, by name: those above, {@link #NEITHER}, {@link #GREEDY}, {@link #FORCED},
     *     {@link #ANY_FORM}, and one for each old task and look-alike
     * @param tokens that the measurement took; absent in reports of releases before they were counted
     */
    public record Arm(
            Rate harmfulCompliance,
            SortedMap<String, Rate> harmfulByCategory,
            double refusals,
            @Nullable Double neither,
            @Nullable Double newTask,
            @Nullable Double oldTasks,
            @Nullable Double overRefusals,
            Estimate margin,
            @Nullable Estimate generalLoss,
            @Nullable Double seconds,
            SortedMap<String, Rate> rates,
            @Nullable Tokens tokens) {
        public static final String REFUSALS = "refusals";

        /** Harmful requests neither refused nor complied with. */
        public static final String NEITHER = "neither";

        public static final String NEW_TASK = "newTask";
        public static final String OLD_TASKS = "oldTasks";
        public static final String OVER_REFUSALS = "overRefusals";

        /** Greedy answers that comply. */
        public static final String GREEDY = "greedyCompliance";

        /** Requests complied with once the first words of compliance are put in the model's mouth; not gated. */
        public static final String FORCED = "forcedCompliance";

        /** Requests complied with as they are or in one of the forms of the user's data, each counted once; gated. */
        public static final String ANY_FORM = "complianceInAnyForm";

        public Arm {
            Require.present("arm.harmfulCompliance", harmfulCompliance);
            harmfulByCategory = Collections.unmodifiableSortedMap(new TreeMap<>(harmfulByCategory));
            Require.range("arm.refusals", refusals, 0, 1);
            Require.present("arm.margin", margin);
            rates = Collections.unmodifiableSortedMap(new TreeMap<>(rates));
        }

        /** The same with the seconds its training took. */
        public Arm withSeconds(double trained) {
            return new Arm(
                    harmfulCompliance,
                    harmfulByCategory,
                    refusals,
                    neither,
                    newTask,
                    oldTasks,
                    overRefusals,
                    margin,
                    generalLoss,
                    trained,
                    rates,
                    tokens);
        }
    }

    /** A mean with its bootstrap 95 % interval. */
    public record Estimate(double mean, double lower95, double upper95, int n) {
        public Estimate {
            Require.range("estimate.mean", mean, -Double.MAX_VALUE, Double.MAX_VALUE);
            Require.range("estimate.lower95", lower95, -Double.MAX_VALUE, mean);
            Require.range("estimate.upper95", upper95, mean, Double.MAX_VALUE);
            Require.range("estimate.n", n, 1, Integer.MAX_VALUE);
        }
    }

    /**
     * Two arms on the same items.
     *
     * @param measure what was compared
     * @param first arm
     * @param second arm
     * @param difference first minus second
     * @param lower95 of the difference
     * @param upper95 of the difference
     * @param n items
     * @param onlyFirst items where only the first arm has the property; absent for means
     * @param onlySecond items where only the second has it; absent for means
     * @param p two-sided: exact McNemar for rates, paired bootstrap for means
     * @param adjustedP the same after Holm's correction over all comparisons of the report
     */
    public record Comparison(
            String measure,
            String first,
            String second,
            double difference,
            double lower95,
            double upper95,
            int n,
            @Nullable Integer onlyFirst,
            @Nullable Integer onlySecond,
            double p,
            double adjustedP) {
        public Comparison {
            Require.text("comparison.measure", measure);
            Require.range("comparison.p", p, 0, 1);
            Require.range("comparison.adjustedP", adjustedP, p, 1);
        }

        /** The same, corrected for the number of comparisons. */
        public Comparison withAdjustedP(double corrected) {
            return new Comparison(
                    measure, first, second, difference, lower95, upper95, n, onlyFirst, onlySecond, p, corrected);
        }
    }

    /**
     * Where the model lies.
     *
     * @param uri as in the resource
     * @param digest of the model's files; this report lies beside them and is not covered
     * @param content what was published of the model; absent in reports of earlier releases
     */
    public record Published(
            String uri, Digest digest, @Nullable PublishedContent content) {
        public Published {
            Require.text("published.uri", uri);
            Require.present("published.digest", digest);
        }
    }
}
