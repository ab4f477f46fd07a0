package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.List;
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
     */
    record Data(int samples, long tokens, long answerTokens, int longest, long plannedBytes) implements StageFigures {}

    /**
     * Of the training stages.
     *
     * @param steps optimizer steps
     * @param loss of the last step, nats per answer token
     * @param seconds of the secured arm (or the vector), without loading
     * @param tokensPerSecond of the same
     * @param scanned samples whose drop was measured
     * @param flagged samples whose drop was above the threshold
     * @param peakBytes largest resident set of the process
     */
    record Training(
            int steps, double loss, double seconds, double tokensPerSecond, int scanned, int flagged, long peakBytes)
            implements StageFigures {}

    /**
     * Of the evaluate stage.
     *
     * @param verdict whether the model may be published
     * @param findings what spoke against it, one sentence each; empty when passed
     * @param base harmful compliance of the base model
     * @param secured harmful compliance of the fine-tuned model
     * @param plain harmful compliance of the control arm
     * @param newTask exact match of the secured model on the new task
     * @param oldTasks exact match of the secured model on old tasks
     */
    record Evaluation(
            Verdict verdict,
            List<String> findings,
            Rate base,
            Rate secured,
            @Nullable Rate plain,
            @Nullable Rate newTask,
            @Nullable Rate oldTasks)
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
     * @param categories per category
     * @param benignIncrease in nats
     * @param randomExplained share explained by a random vector of the same norm, the control
     */
    record Readiness(
            Verdict verdict,
            List<String> findings,
            @Nullable Double gateDrop,
            SortedMap<String, Category> categories,
            double benignIncrease,
            double randomExplained)
            implements StageFigures {
        /**
         * @param explained share of the loss explained
         * @param firstTokenCompliance share of samples
         * @param gradientRatio norm with the vector on over norm with it off
         * @param n held-out samples
         */
        public record Category(double explained, double firstTokenCompliance, double gradientRatio, int n) {}

        public Readiness {
            Require.present("verdict", verdict);
            findings = List.copyOf(findings);
            categories = Collections.unmodifiableSortedMap(new TreeMap<>(categories));
            if (verdict == Verdict.PASSED && (!findings.isEmpty() || gateDrop == null || categories.isEmpty())) {
                throw new IllegalArgumentException("a Passed verdict needs a gateDrop, categories and no findings");
            }
        }
    }
}
