package dev.safefinetune.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An earlier result that is replaced: readers, and a process that is killed, find the one or the other. */
class ReplacedDirectoryTest {
    /** In CI; a hundred were tried as well (LOG). */
    private static final int KILLS = Integer.getInteger("kills", 20);

    @TempDir
    private Path directory = Path.of("");

    private static void version(Path target, int version) {
        AtomicDirectory.write(target, writing -> {
            for (String name : new String[] {"a", "b", "c"}) {
                try {
                    Files.writeString(writing.resolve(name), Integer.toString(version));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
    }

    /** What a file system without an exchange does instead has such moments; those of CI and of most clusters know it. */
    @Test
    void thereIsNoMomentWithoutAResult() throws Exception {
        assertThat(Native.exchange(
                        Files.createDirectory(directory.resolve("one")),
                        Files.createDirectory(directory.resolve("other"))))
                .as("renameat2(2) with RENAME_EXCHANGE on the file system of " + directory)
                .isZero();
        Path target = directory.resolve("result");
        version(target, 0);
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= 100; i++) {
                version(target, i);
            }
        });
        long looks = 0;
        long missing = 0;
        while (writer.isAlive()) {
            looks++;
            missing += Files.exists(target.resolve("a")) ? 0 : 1;
        }
        writer.join();
        assertThat(looks).isGreaterThan(1000);
        assertThat(missing).as("of " + looks + " looks").isZero();
        assertThat(Files.readString(target.resolve("a"))).isEqualTo("100");
        try (var left = Files.list(directory)) {
            assertThat(left.map(path -> String.valueOf(path.getFileName())))
                    .containsExactlyInAnyOrder("one", "other", "result");
        }
    }

    @Test
    void aKillAtAnyPointLeavesAWholeResult() throws Exception {
        Path target = directory.resolve("result");
        Random random = new Random(20);
        int last = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Replacer.class.getName(),
                            target.toString(),
                            Integer.toString(last + 1))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out = child.inputReader()) {
                assertThat(out.readLine()).isEqualTo("replacing");
                TimeUnit.MICROSECONDS.sleep(random.nextInt(60_000));
                child.destroyForcibly();
                assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
            AtomicDirectory.verify(target);
            int found = Integer.parseInt(Files.readString(target.resolve("a")));
            assertThat(found).isGreaterThan(last);
            assertThat(Files.readString(target.resolve("c"))).isEqualTo(Integer.toString(found));
            last = found;
        }
        version(target, last + 1);
        try (var left = Files.list(directory)) {
            assertThat(left).as("the next attempt has cleaned up").containsExactly(target);
        }
    }

    /** Replaces a result again and again, and says so after the first time. */
    static final class Replacer {
        private Replacer() {}

        public static void main(String[] args) {
            int version = Integer.parseInt(args[1]);
            version(Path.of(args[0]), version);
            System.out.println("replacing");
            while (true) {
                version(Path.of(args[0]), ++version);
            }
        }
    }
}
