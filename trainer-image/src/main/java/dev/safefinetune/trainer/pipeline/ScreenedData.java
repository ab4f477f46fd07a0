package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Anchor;
import dev.safefinetune.trainer.train.Cooldown;
import dev.safefinetune.trainer.train.FrozenVectors;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.Safeguard;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.TokenMask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A run's data after the vector has looked at it: what is trained and how, and what the cooldown is made of.
 *
 * @param request what to train
 * @param thresholds above which a sample is probably harmful; absent without a vector that has them
 * @param drops of all of the user's samples; empty where they were not measured
 * @param trusted drops of the user's trusted samples; empty where they were not measured
 * @param marks the flagged tokens of all of the user's samples; absent where they were not looked for
 */
record ScreenedData(
        FineTuneRun.Request request,
        @Nullable GateThresholds thresholds,
        List<SampleDrop> drops,
        List<SampleDrop> trusted,
        @Nullable List<TokenMask> marks) {

    /**
     * Screens.
     *
     * @param vectors not attached; absent for a plain fine-tune
     */
    static ScreenedData of(
            CausalModel model,
            @Nullable FrozenVectors vectors,
            FineTuneRun.Request request,
            StageProgress progress,
            EventLog log,
            ArmCheckpoints checkpoints) {
        if (vectors == null || !needed(request)) {
            return new ScreenedData(request, request.thresholds(), List.of(), List.of(), null);
        }
        MeasuredData measured = MeasuredData.of(model, vectors, request, progress, log, checkpoints);
        ScreenedData data =
                new ScreenedData(request, request.thresholds(), measured.drops(), measured.trusted(), measured.marks());
        log.event(
                "screened",
                "scanned",
                data.drops.size(),
                "flagged",
                Curves.flagged(data.drops, data.thresholds).size(),
                "trustedScanned",
                data.trusted.size(),
                "trustedFlagged",
                Curves.flagged(data.trusted, data.thresholds).size(),
                "thresholds",
                data.thresholds == null ? "none" : data.thresholds);
        data.tellUnit(log);
        data.requireAllowed();
        return data;
    }

    /** Of texts, the vector says nothing, so that none of them is known to be harmless enough for the cooldown either. */
    private static boolean needed(FineTuneRun.Request request) {
        return request.data().format() != DatasetFormat.TEXT
                && (request.gate().mode() != Gate.Mode.OFF
                        || request.screening() != ScreeningAction.OFF
                        || request.cooldown().steps() > 0);
    }

    private void requireAllowed() {
        if (request.screening() != ScreeningAction.BLOCK) {
            return;
        }
        refuse("samples", drops);
        refuse("trusted samples of the cooldown", trusted);
    }

    private void refuse(String what, List<SampleDrop> screened) {
        List<Integer> flagged = Curves.flagged(screened, thresholds);
        if (!flagged.isEmpty()) {
            throw new TrainerException(
                    Fault.DATASET_BLOCKED,
                    flagged.size() + " of " + screened.size() + " " + what
                            + " are probably harmful, the first at index " + flagged.getFirst()
                            + "; screening is set to Block");
        }
    }

    /** The user's samples that are trained: all, or with {@code Drop} those that are not flagged. */
    List<EncodedSample> samples() {
        List<EncodedSample> all = masked(request.data().train());
        if (request.screening() != ScreeningAction.DROP) {
            return all;
        }
        List<EncodedSample> kept = unflagged(all, drops);
        if (kept.isEmpty()) {
            throw new TrainerException(
                    Fault.DATASET_INVALID, "all samples are probably harmful; screening, set to Drop, left none");
        }
        return kept;
    }

    /** Says where whole samples are judged although tokens were wished. */
    private void tellUnit(EventLog log) {
        VectorFiles vector = request.vector();
        if (vector != null && request.gate().isOfTokens() && masks() == null) {
            log.event("the gate judges whole samples", "reason", vector.whyNoTokens());
        }
    }

    /** What the gate leaves out of samples; absent where whole samples are judged. */
    @Nullable
    List<TokenMask> masks() {
        VectorFiles vector = request.vector();
        return request.gate().isOfTokens() && vector != null && vector.tokenThresholds() != null ? marks : null;
    }

    /** What the gate left out of samples that it did not leave out whole; absent where whole samples are judged. */
    TrainingReport.@Nullable Masked leftOut() {
        List<TokenMask> found = masks();
        VectorFiles vector = request.vector();
        TokenGate gate = vector == null ? null : vector.tokens();
        if (found == null || gate == null) {
            return null;
        }
        List<TokenMask> parts = found.stream()
                .filter(mask -> !mask.masksNothing() && !mask.leavesOut())
                .toList();
        return new TrainingReport.Masked(
                gate, parts.size(), parts.stream().mapToLong(TokenMask::masked).sum());
    }

    private List<EncodedSample> masked(List<EncodedSample> samples) {
        List<TokenMask> found = masks();
        return found == null
                ? samples
                : IntStream.range(0, samples.size())
                        .mapToObj(i -> found.get(i).applyTo(samples.get(i)))
                        .toList();
    }

    private List<EncodedSample> unflagged(List<EncodedSample> samples, List<SampleDrop> screened) {
        GateThresholds limits = thresholds;
        return limits == null || screened.isEmpty()
                ? samples
                : IntStream.range(0, samples.size())
                        .filter(i -> !limits.flags(screened.get(i)))
                        .mapToObj(samples::get)
                        .toList();
    }

    /** How the vector is used; absent without one. */
    @Nullable
    Safeguard safeguard(@Nullable Adapter vector, @Nullable Anchor anchor) {
        if (vector == null) {
            return null;
        }
        GateThresholds gate = gate();
        List<EncodedSample> refusals = request.data().replay().refusals();
        if (request.scope() == VectorScope.DOUBTFUL_SAMPLES && (gate == null || refusals.isEmpty())) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "the vector on doubtful samples alone needs "
                            + (gate == null ? "a gate" : "a vector with refusals of its base beside it")
                            + "; or switch it on for all samples");
        }
        if (gate == null) {
            return Safeguard.always(vector).with(anchor);
        }
        boolean dropped = request.screening() == ScreeningAction.DROP;
        int[] kept = IntStream.range(0, drops.size())
                .filter(i -> !dropped || !gate.flags(drops.get(i)))
                .toArray();
        List<TokenMask> found = masks();
        return new Safeguard(
                vector,
                Arrays.stream(kept).mapToObj(drops::get).toList(),
                gate,
                request.scope(),
                refusals,
                found == null ? null : Arrays.stream(kept).mapToObj(found::get).toList(),
                anchor);
    }

    /** The gate's thresholds; absent without a gate. */
    @Nullable
    GateThresholds gate() {
        if (request.vector() == null || request.gate().mode() == Gate.Mode.OFF) {
            return null;
        }
        if (thresholds == null) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "a calibrated gate needs a vector with an assessment; give a drop in nats, or switch it off");
        }
        return thresholds;
    }

    /** The cooldown, or none. */
    Cooldown cooldown() {
        CooldownSettings wished = request.cooldown();
        if (wished.steps() == 0) {
            return Cooldown.NONE;
        }
        List<EncodedSample> trustedSamples = trustedSamples();
        int given = request.data().trusted().size();
        if (trustedSamples.isEmpty() && given > 0) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    Curves.flagged(trusted, thresholds).size() == given
                            ? "all trusted samples of the cooldown are probably harmful"
                            : "the cooldown's dataset of " + given
                                    + " samples has none but refusals, and harmful ones if"
                                    + " any; the cooldown has the base's own refusals already: give samples that show"
                                    + " what the model is to answer, or leave the dataset out");
        }
        List<EncodedSample> user = new ArrayList<>(own());
        user.addAll(trustedSamples);
        Replay.Encoded replay = request.data().replay();
        if (user.isEmpty() && replay.isEmpty()) {
            return Cooldown.NONE;
        }
        return new Cooldown(replay.refusals(), replay.lookAlikes(), user, wished.steps(), wished.learningRate());
    }

    /** Those that are neither harmful nor refusals: more of these would outweigh what the model is to answer. */
    private List<EncodedSample> trustedSamples() {
        List<EncodedSample> samples = request.data().trusted();
        if (trusted.isEmpty()) {
            return samples;
        }
        GateThresholds limits = thresholds;
        return IntStream.range(0, samples.size())
                .filter(i -> limits == null || !limits.flags(trusted.get(i)))
                .filter(i -> !trusted.get(i).becomesHarder())
                .mapToObj(samples::get)
                .toList();
    }

    /**
     * The user's samples that are clearly harmless, those first of which the vector explains the least; as many as the
     * cooldown's half has room for. Refusals among them are not of these: the cooldown has the base's own.
     */
    private List<EncodedSample> own() {
        long draws = (long) request.cooldown().steps()
                * request.settings().hyperparameters().batchSize();
        GateThresholds limits = thresholds;
        List<TokenMask> masks = masks();
        return IntStream.range(0, drops.size())
                .filter(i -> limits == null || limits.clears(drops.get(i)))
                .filter(i -> !drops.get(i).becomesHarder())
                .filter(i -> masks == null || masks.get(i).masksNothing())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> drops.get(i).share()))
                .limit((draws + 1) / 2)
                .sorted()
                .map(request.data().train()::get)
                .toList();
    }

    /** What the cooldown trained on; absent without one. */
    TrainingReport.@Nullable Cooldown mix(Cooldown cooldown) {
        if (cooldown.steps() == 0) {
            return null;
        }
        int trustedUsed = trustedSamples().size();
        return new TrainingReport.Cooldown(
                cooldown.refusals().size(),
                cooldown.lookAlikes().size(),
                cooldown.user().size() - trustedUsed,
                trustedUsed,
                request.data().trusted().size() - trustedUsed,
                cooldown.learningRate());
    }
}
