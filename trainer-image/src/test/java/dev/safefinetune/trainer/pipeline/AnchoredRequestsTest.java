package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.AnchorSettings;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Gate;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.ScreeningAction;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.contract.VectorScope;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Device;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import dev.safefinetune.trainer.train.Anchor;
import dev.safefinetune.trainer.train.Tiny;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnchoredRequestsTest {
    private static final AnchorSettings HELD = new AnchorSettings(0.5);
    private static final VectorFiles VECTOR = new VectorFiles(Path.of("vector"), null, null);

    private static @Nullable Anchor of(
            @Nullable VectorFiles vector, @Nullable AnchorSettings settings, Replay.Encoded replay) {
        EventLog log = new EventLog(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8), Clock.systemUTC());
        FineTuneRun.Request request = new FineTuneRun.Request(
                Path.of("base"),
                vector,
                SmallWorld.fineTuning(),
                List.of(Device.CPU),
                Gate.OFF,
                VectorScope.ALL_SAMPLES,
                settings,
                ScreeningAction.OFF,
                CooldownSettings.NONE,
                new FineTuneRun.Data(Tiny.samples(4, 1, 3), List.of(), List.of(), replay, DatasetFormat.MESSAGES),
                Set.of());
        try (CausalModel model = Tiny.model(1)) {
            return AnchoredRequests.of(model, request, progress(), log, ArmCheckpoints.NONE);
        }
    }

    private static StageProgress progress() {
        return new StageProgress(Stage.TRAIN, Clock.systemUTC(), told -> {});
    }

    @Test
    void theReplaysRequestsAreHeldToTheBase() {
        Replay.Encoded replay = new Replay.Encoded(Tiny.samples(5, 1, 3), Tiny.samples(6, 1, 4));
        Anchor anchor = Objects.requireNonNull(of(VECTOR, HELD, replay));
        assertThat(anchor.requests()).hasSize(11);
        assertThat(anchor.base().states()).hasSize(11);
        assertThat(anchor.weight()).isEqualTo(0.5);
    }

    @Test
    void withoutSettingsNothingIsHeld() {
        assertThat(of(VECTOR, null, Replay.Encoded.NONE)).isNull();
    }

    @Test
    void aVectorWithoutReplayIsRefused() {
        assertRefused(VECTOR, Replay.Encoded.NONE, "this vector has none", "replay.jsonl");
    }

    @Test
    void noVectorIsRefused() {
        Replay.Encoded replay = new Replay.Encoded(Tiny.samples(5, 1, 3), List.of());
        assertRefused(null, replay, "the run has no vector");
    }

    @Test
    void oneRequestIsRefused() {
        List<EncodedSample> one = Tiny.samples(1, 1, 3);
        assertRefused(VECTOR, new Replay.Encoded(one, List.of()), "one and the same state", "1 beside the vector");
    }

    private static void assertRefused(@Nullable VectorFiles vector, Replay.Encoded replay, String... words) {
        assertThatThrownBy(() -> of(vector, HELD, replay))
                .hasMessageContainingAll(words)
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS_INVALID));
    }

    /** A run goes on from what it saved before there were anchors, and not from what it saved with another one. */
    @Test
    void theKeyOfCheckpointsHasTheAnchorWhereThereIsOne() {
        assertThat(key(HELD)).isNotEqualTo(key(null)).isNotEqualTo(key(new AnchorSettings(0.25)));
        assertThat(key(HELD)).isEqualTo(key(new AnchorSettings(0.5)));
        ObjectNode before = new ObjectMapper().valueToTree(task(null));
        before.remove(List.of("checkpoint", "anchor"));
        before.withObject("/gate").remove("unit");
        before.withObject("/vector").remove(List.of("tokenGate", "provenSuites", "suite", "others"));
        assertThat(key(null))
                .isEqualTo(Digests.ofBytes(ContractJson.write(before).getBytes(StandardCharsets.UTF_8))
                        .value());
    }

    private static String key(@Nullable AnchorSettings anchor) {
        StageTask.Train task = task(anchor);
        return Objects.requireNonNull(RunKeys.of(SmallWorld.RUN, task, task.inputs(), List.of(Device.CPU))
                .facts()
                .get("settings"));
    }

    private static StageTask.Train task(@Nullable AnchorSettings anchor) {
        Digest digest = Digests.ofBytes(new byte[0]);
        return new StageTask.Train(
                "scratch",
                Inputs.of(Map.of()),
                SmallWorld.fineTuning(),
                new VectorInput(SmallWorld.source("vector"), digest, digest, 1, null, null, null, null),
                Gate.CALIBRATED,
                VectorScope.ALL_SAMPLES,
                anchor,
                3,
                null,
                ScreeningAction.REPORT,
                false,
                null);
    }
}
