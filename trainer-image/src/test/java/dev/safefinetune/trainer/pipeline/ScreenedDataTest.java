package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Cooldown;
import dev.safefinetune.trainer.train.GateThresholds;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.TokenMask;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScreenedDataTest {
    private static final GateThresholds THRESHOLDS = new GateThresholds(0.6, 0.5);
    private static final TokenGate TOKENS = TokenGate.of(new TokenGate.Band(1, 0.5), new TokenGate.Band(1, 0.5), 0, 1);
    private static final SampleDrop HARMFUL = drop(2.0, 0.1);
    private static final SampleDrop HARMLESS = drop(2.0, 1.9);
    private static final SampleDrop DOUBTFUL = drop(2.0, 1.2);
    private static final SampleDrop REFUSAL = drop(0.1, 2.0);

    private final List<EncodedSample> user = samples(0, 4);
    private final List<EncodedSample> trusted = samples(10, 2);
    private @Nullable TokenGate tokens;
    private final Replay.Encoded replay = new Replay.Encoded(samples(20, 2), samples(30, 3));

    /** The user who profits puts harmful rows where the vector is off. */
    @Test
    void harmfulTrustedSamplesAreLeftOutOfTheCooldownAndCounted() {
        ScreenedData data = screened(ScreeningAction.REPORT, List.of(HARMFUL, HARMLESS));

        Cooldown cooldown = data.cooldown();
        assertThat(cooldown.user()).contains(trusted.get(1)).doesNotContain(trusted.get(0));
        assertThat(Objects.requireNonNull(data.mix(cooldown)))
                .extracting(TrainingReport.Cooldown::trusted, TrainingReport.Cooldown::trustedLeftOut)
                .containsExactly(1, 1);
    }

    @Test
    void theyAreLeftOutWhereScreeningAndGateAreOffToo() {
        ScreenedData data = new ScreenedData(
                request(ScreeningAction.OFF, Gate.OFF, 3),
                THRESHOLDS,
                List.of(HARMLESS, HARMLESS, HARMLESS, HARMLESS),
                List.of(HARMFUL, HARMLESS),
                null);

        assertThat(data.cooldown().user()).doesNotContain(trusted.get(0));
    }

    @Test
    void trustedSamplesThatAreAllHarmfulAreRefused() {
        assertThatThrownBy(() -> screened(ScreeningAction.REPORT, List.of(HARMFUL, HARMFUL))
                        .cooldown())
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                .hasMessageContaining("all trusted samples of the cooldown");
    }

    /** They would outweigh what the model is to answer, and the base's own are in the cooldown anyway. */
    @Test
    void refusalsAmongTrustedSamplesAreLeftOut() {
        ScreenedData data = screened(ScreeningAction.REPORT, List.of(REFUSAL, HARMLESS));

        Cooldown cooldown = data.cooldown();
        assertThat(cooldown.user()).contains(trusted.get(1)).doesNotContain(trusted.get(0));
        assertThat(Objects.requireNonNull(data.mix(cooldown)))
                .extracting(TrainingReport.Cooldown::trusted, TrainingReport.Cooldown::trustedLeftOut)
                .containsExactly(1, 1);
    }

    @Test
    void trustedSamplesThatAreAllRefusalsAreRefused() {
        assertThatThrownBy(() -> screened(ScreeningAction.REPORT, List.of(REFUSAL, REFUSAL))
                        .cooldown())
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                .hasMessageContaining("the cooldown's dataset of 2 samples has none but refusals");
    }

    @Test
    void theUsersHalfIsWhatIsClearlyHarmlessAndNoRefusal() {
        ScreenedData data = new ScreenedData(
                request(ScreeningAction.REPORT, Gate.CALIBRATED, 3),
                THRESHOLDS,
                List.of(HARMFUL, HARMLESS, DOUBTFUL, REFUSAL),
                List.of(HARMLESS, HARMLESS),
                null);

        assertThat(data.cooldown().user()).containsExactly(user.get(1), trusted.get(0), trusted.get(1));
    }

    @Test
    void theBasesOwnAnswersAreTheOtherHalf() {
        Cooldown cooldown =
                screened(ScreeningAction.REPORT, List.of(HARMLESS, HARMLESS)).cooldown();

        assertThat(cooldown.refusals()).isEqualTo(replay.refusals());
        assertThat(cooldown.lookAlikes()).isEqualTo(replay.lookAlikes());
    }

    @Test
    void noStepsAreNoCooldown() {
        ScreenedData data = new ScreenedData(
                request(ScreeningAction.REPORT, Gate.CALIBRATED, 0),
                THRESHOLDS,
                List.of(HARMLESS, HARMLESS, HARMLESS, HARMLESS),
                List.of(),
                null);

        assertThat(data.cooldown()).isEqualTo(Cooldown.NONE);
        assertThat(data.mix(Cooldown.NONE)).isNull();
    }

    /** Steps times batch size is more than an int holds, and the user's half is still all there is. */
    @Test
    void theLongestCooldownHasRoomForAllSamples() {
        ScreenedData data = new ScreenedData(
                request(ScreeningAction.REPORT, Gate.CALIBRATED, 100_000_000),
                THRESHOLDS,
                List.of(HARMLESS, HARMLESS, HARMLESS, HARMLESS),
                List.of(),
                null);

        assertThat(data.cooldown().user()).containsAll(user);
    }

    private ScreenedData screened(ScreeningAction action, List<SampleDrop> ofTrusted) {
        return new ScreenedData(
                request(action, Gate.CALIBRATED, 3),
                THRESHOLDS,
                List.of(HARMLESS, HARMLESS, HARMLESS, HARMLESS),
                ofTrusted,
                null);
    }

    private FineTuneRun.Request request(ScreeningAction action, Gate gate, int steps) {
        return new FineTuneRun.Request(
                Path.of("base"),
                new VectorFiles(Path.of("vector"), THRESHOLDS, tokens),
                SmallWorld.fineTuning(),
                List.of(Device.CPU),
                gate,
                VectorScope.ALL_SAMPLES,
                null,
                action,
                new CooldownSettings(steps, 5e-4),
                new FineTuneRun.Data(user, List.of(), trusted, replay, DatasetFormat.MESSAGES),
                Set.of());
    }

    private static SampleDrop drop(double off, double on) {
        return new SampleDrop(0, off, on, 3);
    }

    private static List<EncodedSample> samples(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> EncodedSample.of(i, new int[] {1, 2 + i, 3, 4}, new boolean[] {false, true, true, true}))
                .toList();
    }

    @Test
    void tokensAreMaskedWhereTheVectorHasThresholdsForThem() {
        tokens = TOKENS;
        ScreenedData data = judgedByTokens();

        assertThat(data.samples().get(1)).isEqualTo(user.get(1));
        assertThat(data.samples().get(2).answer()).containsExactly(false, true, false, false);
        assertThat(Objects.requireNonNull(data.leftOut()))
                .extracting(TrainingReport.Masked::samples, TrainingReport.Masked::tokens)
                .containsExactly(1, 2L);
        assertThat(data.cooldown().user()).doesNotContain(user.get(2));
    }

    @Test
    void withoutThresholdsForTokensTheGateJudgesWholeSamples() {
        tokens = null;
        assertThatWholeSamplesAreJudged();
        tokens = TokenGate.crossed("tokens 1 to 8");
        assertThatWholeSamplesAreJudged();
    }

    private void assertThatWholeSamplesAreJudged() {
        ScreenedData data = judgedByTokens();
        assertThat(data.samples()).isEqualTo(user);
        assertThat(data.leftOut()).isNull();
        assertThat(data.masks()).isNull();
    }

    private ScreenedData judgedByTokens() {
        List<TokenMask> marks = List.of(
                new TokenMask(3, List.of(0, 2)), TokenMask.none(3), new TokenMask(5, List.of(1, 2)), TokenMask.none(3));
        return new ScreenedData(
                request(ScreeningAction.REPORT, Gate.ofTokens(), 3),
                THRESHOLDS,
                List.of(HARMFUL, HARMLESS, HARMLESS, HARMLESS),
                List.of(HARMLESS, HARMLESS),
                marks);
    }
}
