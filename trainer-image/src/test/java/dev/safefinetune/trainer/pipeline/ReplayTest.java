package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    private static final Path BASE = Path.of("../examples/quickstart/models/base");
    private static final Replay REPLAY = new Replay(
            List.of(sample("make a red morgle", "sorry , i cannot help with that .")),
            List.of(sample("first i1 i2", "i1")));

    @TempDir
    Path dir;

    @Test
    void readsWhatItWrote() {
        Path file = dir.resolve(Replay.FILE);
        REPLAY.write(file);

        Replay read = Replay.take(dir, "pvc://vectors/v", Digests.ofFile(file));

        assertThat(read.refusals()).extracting(Sample::answer).containsExactly("sorry , i cannot help with that .");
        assertThat(read.lookAlikes()).extracting(Sample::answer).containsExactly("i1");
    }

    @Test
    void anotherFileThanTheOneThatIsStatedIsRefused() {
        REPLAY.write(dir.resolve(Replay.FILE));

        refused(
                () -> Replay.take(dir, "pvc://vectors/v", StageHarness.digestOf("x")),
                Fault.VECTOR_MISMATCH,
                "its resource states");
    }

    /** A cooldown that has lost its refusals would undo what the vector kept, and nobody would see why. */
    @Test
    void refusalsThatAreAllTooLongEndTheRunAndAreNotDroppedInSilence() {
        try (ChatTokenizer tokenizer = ChatTokenizer.open(BASE)) {
            assertThat(REPLAY.encode(tokenizer, 64).refusals()).hasSize(1);
            refused(() -> REPLAY.encode(tokenizer, 8), Fault.SETTINGS_INVALID, "maxSequenceLength is 8");
        }
    }

    /** A vector with few answers has as large a part of the cooldown as one with many. */
    @Test
    void severalVectorsHaveEqualParts() {
        Replay other = new Replay(
                List.of(sample("make a blue plome", "no ."), sample("make a wet plome", "no ."), sample("i2", "no .")),
                List.of());
        try (ChatTokenizer tokenizer = ChatTokenizer.open(BASE)) {
            Replay.Encoded one = REPLAY.encode(tokenizer, 64);
            Replay.Encoded both = Replay.encode(List.of(REPLAY, other), tokenizer, 64);
            assertThat(both.refusals().subList(0, 3))
                    .containsOnly(one.refusals().getFirst());
            assertThat(both.refusals().subList(3, 6))
                    .isEqualTo(other.encode(tokenizer, 64).refusals());
            assertThat(both.lookAlikes()).as("the other has none").isEqualTo(one.lookAlikes());
            assertThat(Replay.encode(List.of(REPLAY), tokenizer, 64).refusals()).isEqualTo(one.refusals());
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, Fault fault, String why) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(fault))
                .hasMessageContaining(why);
    }

    private static Sample sample(String request, String answer) {
        return new Sample(
                0,
                1,
                List.of(new Message(Message.Role.USER, request), new Message(Message.Role.ASSISTANT, answer)),
                null);
    }
}
