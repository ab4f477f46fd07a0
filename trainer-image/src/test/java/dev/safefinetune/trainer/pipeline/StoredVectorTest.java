package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.TrainingReport;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.store.AtomicDirectory;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.DurableFiles;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By hand, a vector is used only as it was written, on its own base, and after it has passed its assessment. */
class StoredVectorTest {
    private static final Digest BASE = StageHarness.digestOf("base");

    @TempDir
    Path dir;

    @Test
    void oneThatPassedIsUsed() {
        assertThat(StoredVector.open(stored(passed(20, 10)), BASE).readiness().gateDrop())
                .isEqualTo(0.7);
    }

    @Test
    void oneForAnotherBaseIsRefused() {
        refused(stored(passed(20, 10)), StageHarness.digestOf("other"), "was trained for the base model " + BASE);
    }

    @Test
    void oneThatFailedOrWasNeverAssessedIsRefused() {
        refused(
                stored(judged(Verdict.FAILED, List.of("explains too little"), 30, 30)),
                "is not ready: explains too little");
        refused(stored(null), "was never assessed");
    }

    @Test
    void oneWithoutACardIsRefused() throws IOException {
        Path vector = stored(passed(20, 10));
        Files.delete(vector.resolve(VectorCard.FILE));
        refused(vector, "has no vector.json");
    }

    /** A vector that failed would train without its gate, as a control does. */
    @Test
    void oneWhoseCardWasDeletedIsNoControlEither() throws IOException {
        Path vector = stored(judged(Verdict.FAILED, List.of("explains too little"), 30, 30));
        Files.delete(vector.resolve(VectorCard.FILE));
        assertThatThrownBy(() -> ByHand.controlVector(vector)).hasMessageContaining("was changed after it was written");
    }

    @Test
    void aRandomVectorIsAControl() {
        Path random = dir.resolve("random");
        AtomicDirectory.write(
                random, to -> DurableFiles.write(to.resolve(ModelDirectory.ADAPTER_WEIGHTS), "random weights"));
        assertThat(ByHand.controlVector(random).files().gate()).isNull();
    }

    /** The card names the adapter's tensors, so scaling them to nothing takes another card too. */
    @Test
    void oneThatWasScaledToNothingIsRefusedWithAManifestOfItsOwnToo() throws IOException {
        Path vector = stored(passed(20, 10));
        Files.writeString(vector.resolve(ModelDirectory.ADAPTER_WEIGHTS), "weights scaled to nothing");
        refused(vector, "was changed after it was written");
        manifestAnew(vector);
        refused(vector, "is not the one that its card states");
    }

    /** Without thresholds a run has no gate, so a card without one is not taken for a vector that needs none. */
    @ParameterizedTest
    @ValueSource(strings = {"gateDrop", "gateShare"})
    void oneWithoutAGateIsRefused(String threshold) throws IOException {
        Path base = Files.createDirectories(dir.resolve("base"));
        DurableFiles.write(base.resolve("config.json"), "{}");
        Path vector = stored(passed(20, 10), ModelDirectory.digest(base));
        Path card = vector.resolve(VectorCard.FILE);
        Files.writeString(
                card, Files.readString(card).replaceFirst("\"" + threshold + "\":[^,]*", "\"" + threshold + "\":null"));
        manifestAnew(vector);
        assertThatThrownBy(() -> ByHand.vector(vector, base, null))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.VECTOR_MISMATCH))
                .hasMessageContaining(threshold);
    }

    /** Whoever writes the card anew can write its manifest anew too; not the digest that is kept elsewhere. */
    @Test
    void oneWhoseCardAndManifestWereWrittenAnewIsNotTheOneAskedFor() throws IOException {
        Path vector = stored(judged(Verdict.FAILED, List.of("explains too little"), 30, 30));
        Digest written = StoredVector.whole(vector);
        StoredVector.requireWhole(vector, written);
        Path card = vector.resolve(VectorCard.FILE);
        Files.writeString(card, Files.readString(card).replace("Failed", "Passed"));
        manifestAnew(vector);
        refused(vector, "a Passed verdict needs a gateDrop, categories and no findings");
        Files.writeString(card, Files.readString(card).replace("\"explains too little\"", ""));
        manifestAnew(vector);
        assertThat(StoredVector.open(vector, BASE).readiness().verdict()).isEqualTo(Verdict.PASSED);
        assertThatThrownBy(() -> StoredVector.requireWhole(vector, written))
                .hasMessageContaining("has digest " + StoredVector.whole(vector))
                .hasMessageContaining("asked for is " + written);
    }

    @Test
    void severalAreNamedOnceEachAndAtMostFour() throws IOException {
        Path base = Files.createDirectories(dir.resolve("base"));
        DurableFiles.write(base.resolve("config.json"), "{}");
        Path vector = stored(passed(20, 10), ModelDirectory.digest(base));
        refusedTogether(List.of(vector, vector), base, List.of(), "has the same adapter as --vector " + vector);
        refusedTogether(Collections.nCopies(5, vector), base, List.of(), "there are 5 --vector; a run has at most 4");
        refusedTogether(
                List.of(vector),
                base,
                List.of(StoredVector.whole(vector), StoredVector.whole(vector)),
                "there are 2 --vector-digest and 1 --vector");
        assertThat(VectorsByHand.of(List.of(vector), base, List.of(StoredVector.whole(vector)))
                        .files()
                        .others())
                .isEmpty();
    }

    private static void refusedTogether(List<Path> vectors, Path base, List<Digest> digests, String why) {
        assertThatThrownBy(() -> VectorsByHand.of(vectors, base, digests))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS_INVALID))
                .hasMessageContaining(why);
    }

    private static void manifestAnew(Path vector) {
        DurableFiles.write(
                vector.resolve(AtomicDirectory.MANIFEST),
                Digests.listing(vector, name -> !name.equals(AtomicDirectory.MANIFEST)));
    }

    @Test
    void oneWithACardIsNoControl() {
        assertThatThrownBy(() -> ByHand.controlVector(stored(judged(Verdict.FAILED, List.of("no"), 30, 30))))
                .hasMessageContaining("is no control");
    }

    /** Each of these was enough to have a failed vector taken for a good one, or another one for this. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                VectorCard.FILE,
                ModelDirectory.ADAPTER_WEIGHTS,
                ModelDirectory.ADAPTER_CONFIG,
                "README.md",
                Replay.FILE
            })
    void oneThatWasEditedIsRefused(String file) throws IOException {
        Path vector = stored(judged(Verdict.PASSED, List.of(), 20, 10));
        Path edited = vector.resolve(file);
        Files.writeString(edited, Files.readString(edited).replace('0', '1') + " ");
        refused(vector, "");
    }

    @Test
    void oneWithAnAddedFileOrWithoutItsManifestIsRefused() throws IOException {
        Path vector = stored(passed(20, 10));
        Files.writeString(vector.resolve("more.jsonl"), "{}");
        refused(vector, "was changed after it was written");
        Files.delete(vector.resolve("more.jsonl"));
        Files.delete(vector.resolve("manifest.sha256"));
        refused(vector, "was changed after it was written");
    }

    /** Earlier releases were content with any number. */
    @Test
    void oneThatWasAssessedOnTooFewSamplesIsRefused() {
        refused(stored(passed(20, 9)), "was assessed on 29 held-out samples");
        refused(stored(passed(40, 4)), "of one category on 4");
    }

    private Readiness passed(int first, int second) {
        return judged(Verdict.PASSED, List.of(), first, second);
    }

    private Readiness judged(Verdict verdict, List<String> findings, int first, int second) {
        return new Readiness(
                verdict,
                findings,
                0.7,
                0.5,
                new Readiness.Replay(Digests.ofFile(replay()), 8, 0),
                null,
                new TreeMap<>(Map.of(
                        "a", new Readiness.Category(0.9, 1, 0.1, first, 50),
                        "b", new Readiness.Category(0.9, 1, 0.1, second, null))),
                0.01,
                0.0,
                List.of(),
                null);
    }

    private Path replay() {
        Path replay = dir.resolve(Replay.FILE);
        DurableFiles.write(replay, "");
        return replay;
    }

    private Path stored(@Nullable Readiness readiness) {
        return stored(readiness, BASE);
    }

    private Path stored(@Nullable Readiness readiness, Digest base) {
        Path adapter = dir.resolve("adapter");
        DurableFiles.write(adapter.resolve(ModelDirectory.ADAPTER_WEIGHTS), "weights 0");
        DurableFiles.write(adapter.resolve(ModelDirectory.ADAPTER_CONFIG), "{\"r\": 0}");
        VectorCard card = new VectorCard(
                base,
                ModelDirectory.digest(adapter),
                0.1,
                new TrainingReport.Curve(List.of(), List.of(), 0, 0, null, 0, 1),
                readiness);
        Path vector = dir.resolve("vector");
        DurableFiles.deleteTree(vector);
        VectorStages.store(adapter, replay(), card, vector);
        return vector;
    }

    private static void refused(Path vector, String why) {
        refused(vector, BASE, why);
    }

    private static void refused(Path vector, Digest base, String why) {
        assertThatThrownBy(() -> StoredVector.open(vector, base))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.VECTOR_MISMATCH))
                .hasMessageContaining("vector " + vector)
                .hasMessageContaining(why);
    }
}
