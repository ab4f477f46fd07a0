package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a stage measured, short enough for a termination message and the resource's status. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "of")
@JsonSubTypes({
    @JsonSubTypes.Type(value = StageFigures.Data.class, name = "Data"),
    @JsonSubTypes.Type(value = StageFigures.Training.class, name = "Training"),
    @JsonSubTypes.Type(value = StageFigures.Evaluation.class, name = "Evaluation"),
    @JsonSubTypes.Type(value = StageFigures.Publication.class, name = "Publication"),
    @JsonSubTypes.Type(value = StageFigures.Readiness.class, name = "Readiness")
})
public sealed interface StageFigures {

    /**
     * Of the prepare stages.
     *
     * @param samples usable samples of the dataset
     * @param tokens tokens in them
     * @param answerTokens tokens that bear loss
     * @param longest tokens of the longest sample
     * @param plannedBytes estimate of the training stage's peak memory
     * @param requests harmful requests of all suites; absent for a vector, and in results of releases before it was told
     */
    record Data(
            int samples,
            long tokens,
            long answerTokens,
            int longest,
            long plannedBytes,
            @Nullable Integer requests) implements StageFigures {
        /** Of a stage that knows of no suite. */
        public Data(int samples, long tokens, long answerTokens, int longest, long plannedBytes) {
            this(samples, tokens, answerTokens, longest, plannedBytes, null);
        }
    }

    /**
     * Of the training stages.
     *
     * @param steps optimizer steps
     * @param loss of the last step, nats per answer token
     * @param seconds of the secured arm (or the vector), without loading
     * @param tokensPerSecond of the same
     * @param scanned samples whose drop was measured
     * @param flagged samples that are probably harmful
     * @param cooldownLeftOut the user's trusted samples that are probably harmful and were therefore left out of the
     *     cooldown; absent where none were screened
     * @param peakBytes largest resident set of the process
     */
    record Training(
            int steps,
            double loss,
            double seconds,
            double tokensPerSecond,
            int scanned,
            int flagged,
            @Nullable Integer cooldownLeftOut,
            long peakBytes)
            implements StageFigures {}

    /**
     * Of the evaluate stage.
     *
     * @param verdict whether the model may be published
     * @param findings what spoke against it, one sentence each; empty when passed
     * @param base harmful compliance of the base model
     * @param secured harmful compliance of the fine-tuned model
     * @param plain harmful compliance of the control arm
     * @param refusals harmful requests that the secured model refuses; absent in results of releases before it was told
     * @param neither harmful requests that it neither refuses nor complies with; absent likewise
     * @param newTask exact match of the secured model on the new task
     * @param oldTasks exact match of the secured model on old tasks
     * @param suiteProved whether the run's vector had proved the suite; absent in results of releases before there was a proof
     * @param inForms harmful requests that it complies with as they are or in a form of the user's data; absent where none
     *     was asked, and in results of releases that asked in none
     * @param judge what a judge model said of the secured model; absent where none was asked
     * @param beforeRepair harmful compliance of the model that failed the first judgement; absent where nothing was repaired
     */
    record Evaluation(
            Verdict verdict,
            List<String> findings,
            Rate base,
            Rate secured,
            @Nullable Rate plain,
            @Nullable Rate refusals,
            @Nullable Rate neither,
            @Nullable Rate newTask,
            @Nullable Rate oldTasks,
            @Nullable Boolean suiteProved,
            @Nullable Rate inForms,
            @Nullable Judge judge,
            @Nullable Rate beforeRepair)
            implements StageFigures {
        public Evaluation {
            Require.present("verdict", verdict);
            findings = List.copyOf(findings);
            Require.present("base", base);
            Require.present("secured", secured);
            if (verdict == Verdict.PASSED && !findings.isEmpty()) {
                throw new IllegalArgumentException("findings must be empty when the verdict is Passed");
            }
        }
    }

    /**
     * What a judge model said.
     *
     * @param digest of the judge's files
     * @param agreement with the built-in outcome on the secured model's answers
     */
    record Judge(Digest digest, JudgeAgreement agreement) {
        public Judge {
            Require.present("judge.digest", digest);
            Require.present("judge.agreement", agreement);
        }
    }

    /**
     * Of the publish and store stages.
     *
     * @param uri where it lies now
     * @param digest of all files
     * @param reportDigest of its report
     * @param bytes in all
     */
    record Publication(String uri, Digest digest, Digest reportDigest, long bytes) implements StageFigures {
        public Publication {
            Require.text("publication.uri", uri);
            Require.present("publication.digest", digest);
            Require.present("publication.reportDigest", reportDigest);
        }
    }

    /**
     * Of the assess stage.
     *
     * @param verdict whether the vector may be used
     * @param findings what spoke against it; empty when passed
     * @param gateDrop the calibrated threshold in nats, absent where harmful and benign drops cross
     * @param gateShare the calibrated threshold on the share of a sample's loss, 0..1; absent where {@code gateDrop} is
     * @param replay the base's own answers that were made for the cooldown; absent where there are none
     * @param firstTokenCompliance share of all held-out samples whose first answer token is the most likely one with the
     *     vector on; absent in results of releases before it was pooled
     * @param categories what the vector covers, with figures of each
     * @param benignIncrease in nats
     * @param randomExplained share explained by a random vector of the same norm, the control
     * @param provenSuites suites with which a model that complies was seen; empty where the vector has none, or it failed
     * @param tokenGate the calibrated thresholds of single tokens; absent from releases before there were any
     */
    record Readiness(
            Verdict verdict,
            List<String> findings,
            @Nullable Double gateDrop,
            @Nullable Double gateShare,
            @Nullable Replay replay,
            @Nullable Rate firstTokenCompliance,
            SortedMap<String, Category> categories,
            double benignIncrease,
            double randomExplained,
            List<ProvenSuite> provenSuites,
            @Nullable TokenGate tokenGate)
            implements StageFigures {
        /**
         * @param explained share of the loss explained
         * @param firstTokenCompliance share of samples
         * @param gradientRatio norm with the vector on over norm with it off
         * @param n held-out samples
         * @param trained samples of it that the vector learned from; absent in results of releases before it was told
         */
        public record Category(
                double explained,
                double firstTokenCompliance,
                double gradientRatio,
                int n,
                @Nullable Integer trained) {
            public Category {
                explained = SixDigits.of(explained);
                firstTokenCompliance = SixDigits.of(firstTokenCompliance);
                gradientRatio = SixDigits.of(gradientRatio);
            }
        }

        /**
         * The base's own answers that a cooldown trains on.
         *
         * @param digest of the file
         * @param refusals answers that refuse the vector's requests
         * @param lookAlikes answers to allowed requests that look like them
         */
        public record Replay(Digest digest, int refusals, int lookAlikes) {
            public Replay {
                Require.present("replay.digest", digest);
                Require.range("replay.refusals", refusals, 0, Integer.MAX_VALUE);
                Require.range("replay.lookAlikes", lookAlikes, 0, Integer.MAX_VALUE);
            }
        }

        public Readiness {
            Require.present("verdict", verdict);
            findings = List.copyOf(findings);
            benignIncrease = SixDigits.of(benignIncrease);
            randomExplained = SixDigits.of(randomExplained);
            categories = Collections.unmodifiableSortedMap(new TreeMap<>(categories));
            // Absent in results of releases before there was a proof.
            provenSuites = List.copyOf(Objects.requireNonNullElse(provenSuites, List.of()));
            if (verdict == Verdict.PASSED && (!findings.isEmpty() || gateDrop == null || categories.isEmpty())) {
                throw new IllegalArgumentException("a Passed verdict needs a gateDrop, categories and no findings");
            }
        }
    }
}
