package dev.safefinetune.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AtomicDirectoryTest {
    @TempDir
    Path dir;

    @Test
    void appearsWholeWithAManifestThatSha256sumChecks() throws Exception {
        Path target = dir.resolve("deep/er/result");
        AtomicDirectory.write(target, d -> put(d.resolve("a.txt"), "hello"));
        assertThat(AtomicDirectory.isWhole(target)).isTrue();
        AtomicDirectory.verify(target);
        Process check = new ProcessBuilder("sha256sum", "-c", "--strict", AtomicDirectory.MANIFEST)
                .directory(target.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("a.txt: OK");
        assertThat(check.waitFor()).isZero();
    }

    @Test
    void theDigestIsWhatTheDocumentedCommandPrints() throws Exception {
        put(dir.resolve("b"), "1");
        put(dir.resolve("a b"), "2");
        Files.createDirectories(dir.resolve("c"));
        put(dir.resolve("c/d"), "3");
        Process command = new ProcessBuilder(
                        "sh",
                        "-c",
                        "find -L . -type f -printf '%P\\n' | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum")
                .directory(dir.toFile())
                .start();
        String hex = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ")[0];
        assertThat(Digests.ofDirectory(dir).value()).isEqualTo("sha256:" + hex);
    }

    @Test
    void aWriterThatFailsLeavesNothing() throws IOException {
        Path target = dir.resolve("result");
        assertThatThrownBy(() -> AtomicDirectory.write(target, d -> {
                    put(d.resolve("a"), "1");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(entries()).isEmpty();
    }

    @Test
    void replacesAnEarlierResult() throws IOException {
        Path target = dir.resolve("result");
        AtomicDirectory.write(target, d -> put(d.resolve("old"), "1"));
        AtomicDirectory.write(target, d -> put(d.resolve("new"), "2"));
        assertThat(Digests.files(target)).containsExactly(AtomicDirectory.MANIFEST, "new");
        assertThat(entries()).containsExactly("result");
    }

    @Test
    void takesAnEmptyDirectory() throws IOException {
        Path target = Files.createDirectory(dir.resolve("result"));
        AtomicDirectory.write(target, d -> put(d.resolve("a"), "1"));
        AtomicDirectory.verify(target);
    }

    @Test
    void doesNotTouchSomebodyElsesFiles() throws IOException {
        Path target = Files.createDirectory(dir.resolve("thesis"));
        put(target.resolve("chapter1"), "precious");
        assertThatThrownBy(() -> AtomicDirectory.write(target, d -> {}))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.OUTPUT_NOT_WRITABLE))
                .hasMessageContaining("not empty");
        assertThat(target.resolve("chapter1")).hasContent("precious");
    }

    @Test
    void keepsWhatTheManifestOfAnEarlierResultDoesNotList() throws IOException {
        Path target = dir.resolve("result");
        AtomicDirectory.write(target, d -> put(d.resolve("model"), "1"));
        Files.createDirectory(target.resolve("gguf"));
        put(target.resolve("gguf/quantized"), "precious");
        for (ThrowingCallable attempt : List.<ThrowingCallable>of(
                () -> AtomicDirectory.checkWritable(target),
                () -> AtomicDirectory.write(target, d -> put(d.resolve("model"), "2")))) {
            assertThatThrownBy(attempt)
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.OUTPUT_NOT_WRITABLE))
                    .hasMessageContaining("gguf/quantized");
        }
        assertThat(target.resolve("gguf/quantized")).hasContent("precious");
        assertThat(target.resolve("model")).hasContent("1");
        assertThat(entries()).containsExactly("result");
    }

    @Test
    void keepsAFileThatComesWhileTheNextResultIsWritten() throws IOException {
        Path target = dir.resolve("result");
        AtomicDirectory.write(target, d -> put(d.resolve("model"), "1"));
        assertThatThrownBy(() -> AtomicDirectory.write(target, d -> put(target.resolve("notes"), "precious")))
                .hasMessageContaining("notes");
        assertThat(target.resolve("notes")).hasContent("precious");
        assertThat(target.resolve("model")).hasContent("1");
    }

    @Test
    void keepsALinkAndAManifestThatIsNoManifest() throws IOException {
        Path target = dir.resolve("result");
        AtomicDirectory.write(target, d -> put(d.resolve("model"), "1"));
        Files.createSymbolicLink(target.resolve("link"), dir);
        assertThatThrownBy(() -> AtomicDirectory.checkWritable(target)).hasMessageContaining("link");
        Files.delete(target.resolve("link"));
        put(target.resolve(AtomicDirectory.MANIFEST), "model\n");
        assertThatThrownBy(() -> AtomicDirectory.checkWritable(target)).hasMessageContaining("model");
    }

    /** What a killed attempt has left is removed, and what only looks like it is not. */
    @Test
    void cleansUpWhatItWroteItselfAndNothingElse() throws IOException {
        String uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        put(Files.createDirectory(dir.resolve(".result.writing-" + uuid)).resolve("half"), "1");
        put(Files.createDirectory(dir.resolve(".result.writing-notes")).resolve("mine"), "precious");
        Path replaced = dir.resolve(".result.replaced-" + uuid);
        AtomicDirectory.write(replaced, d -> put(d.resolve("model"), "1"));
        put(replaced.resolve("quantized"), "precious");
        AtomicDirectory.write(dir.resolve(".result.replaced-1" + uuid.substring(1)), d -> put(d.resolve("m"), "1"));
        AtomicDirectory.write(dir.resolve("result"), d -> put(d.resolve("model"), "2"));
        assertThat(entries()).containsExactly(".result.replaced-" + uuid, ".result.writing-notes", "result");
    }

    @Test
    void saysThatAFileCannotBeADirectory() {
        put(dir.resolve("f"), "x");
        assertThatThrownBy(() -> AtomicDirectory.checkWritable(dir.resolve("f")))
                .hasMessageContaining("is a file");
        assertThatThrownBy(() -> AtomicDirectory.checkWritable(dir.resolve("f/result")))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.OUTPUT_NOT_WRITABLE));
    }

    @Test
    void saysThatAVolumeCannotBeReplaced() throws IOException {
        Path volume = Files.createDirectory(dir.resolve("volume"));
        Path link = Files.createSymbolicLink(dir.resolve("mounted"), volume);
        assertThatThrownBy(() -> AtomicDirectory.checkWritable(link)).hasMessageContaining("name a directory in it");
        AtomicDirectory.write(link.resolve("inside"), d -> put(d.resolve("a"), "1"));
        AtomicDirectory.verify(volume.resolve("inside"));
    }

    @Test
    void aChangedAnAddedAndARemovedFileAreNoticed() throws IOException {
        Path target = dir.resolve("result");
        AtomicDirectory.write(target, d -> {
            put(d.resolve("a"), "1");
            put(d.resolve("b"), "2");
        });
        put(target.resolve("a"), "X");
        assertThatThrownBy(() -> AtomicDirectory.verify(target)).hasMessageContaining("is not what");
        put(target.resolve("a"), "1");
        AtomicDirectory.verify(target);
        put(target.resolve("c"), "3");
        assertThatThrownBy(() -> AtomicDirectory.verify(target)).hasMessageContaining("is not what");
        Files.delete(target.resolve("c"));
        Files.delete(target.resolve("b"));
        assertThatThrownBy(() -> AtomicDirectory.verify(target)).hasMessageContaining("is not what");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void aKillHalfWayLeavesNothingThatLooksWhole(int files) throws Exception {
        Path target = dir.resolve("result");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowWriter.class.getName(),
                        target.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = child.inputReader()) {
            for (int i = 0; i < files; i++) {
                assertThat(out.readLine()).isEqualTo("wrote");
            }
            child.destroyForcibly();
            assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(target).doesNotExist();
        assertThat(entries())
                .as("the hidden directory is left, under no name that anybody reads")
                .hasSize(1);
        assertThat(AtomicDirectory.isWhole(dir.resolve(entries().getFirst()))).isFalse();

        AtomicDirectory.write(target, d -> put(d.resolve("a"), "1"));
        AtomicDirectory.verify(target);
        assertThat(entries()).as("the next attempt has cleaned up").containsExactly("result");
    }

    /** Writes eight files, says so after each, and then waits to be killed. */
    static final class SlowWriter {
        private SlowWriter() {}

        public static void main(String[] args) {
            AtomicDirectory.write(Path.of(args[0]), d -> {
                for (int i = 0; i < 8; i++) {
                    put(d.resolve("file" + i), "x".repeat(10_000));
                    System.out.println("wrote");
                }
                try (InputStream in = System.in) {
                    in.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private java.util.List<String> entries() throws IOException {
        try (Stream<Path> list = Files.list(dir)) {
            return list.map(p -> String.valueOf(p.getFileName())).sorted().toList();
        }
    }

    private static void put(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
