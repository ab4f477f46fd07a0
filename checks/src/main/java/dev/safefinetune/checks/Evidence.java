package dev.safefinetune.checks;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run where policies are asked: at first the wish alone, and more with each stage. A policy asks about
 * each thing as soon as it is known, and again before each later stage.
 *
 * @param wish what the SafeFineTune asks for
 * @param vectors that were chosen; absent before that, empty where none is used
 * @param inputs digests that the stages have stated; absent before the first has ended
 * @param prompts harmful requests that the model is judged on; absent where nobody has counted them yet
 * @param planned the training, once its samples are counted; absent before, and after it has begun
 * @param judged thresholds by which the model was judged; absent before that
 * @param attempt number of the run among the attempts with its base model and dataset; absent where they are not known yet
 */
public record Evidence(
        FineTuneWish wish,
        @Nullable List<VectorInUse> vectors,
        @Nullable Inputs inputs,
        @Nullable Integer prompts,
        @Nullable TotalEpochs planned,
        @Nullable EvaluationThresholds judged,
        @Nullable Integer attempt) {
    /** Where attempts are not counted. */
    public Evidence(
            FineTuneWish wish,
            @Nullable List<VectorInUse> vectors,
            @Nullable Inputs inputs,
            @Nullable Integer prompts,
            @Nullable TotalEpochs planned,
            @Nullable EvaluationThresholds judged) {
        this(wish, vectors, inputs, prompts, planned, judged, null);
    }

    /**
     * A suite of the run.
     *
     * @param prompts digest of its requests
     * @param utility digest of its tasks; absent where there are none
     */
    record SuiteDigests(String prompts, @Nullable String utility) {}

    /** Before anything exists of the run. */
    public static Evidence of(FineTuneWish wish) {
        return new Evidence(wish, null, null, null, null, null);
    }

    /** The same, once the vectors are chosen; none for a run without protection. */
    public Evidence with(List<VectorInUse> chosen) {
        return new Evidence(wish, List.copyOf(chosen), inputs, prompts, planned, judged, attempt);
    }

    /** The digest that a stage has stated of something; absent where none has. */
    @Nullable
    String digest(String artifact) {
        Digest digest = inputs == null ? null : inputs.digests().get(artifact);
        return digest == null ? null : digest.value();
    }

    /** The suites of the run; none before they are known. */
    List<SuiteDigests> suites() {
        List<SuiteDigests> suites = new ArrayList<>();
        int count = inputs == null ? 0 : inputs.count(Inputs.PROMPTS);
        for (int k = 1; k <= count; k++) {
            String prompts = digest(Inputs.numbered(Inputs.PROMPTS, k));
            if (prompts != null) {
                suites.add(new SuiteDigests(prompts, digest(Inputs.numbered(Inputs.UTILITY, k))));
            }
        }
        return suites;
    }
}
