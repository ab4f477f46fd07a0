package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PlanCommandTest {
    private static final String BASE = "../examples/quickstart/models/base";

    @TempDir
    private Path directory;

    /** A row of the table. */
    private record Row(
            String precision, long tokens, long weights, long learns, long activations, boolean again, long total) {
        static Row of(String line) {
            String[] cells = line.strip().split("\\s+");
            return new Row(
                    cells[0],
                    Long.parseLong(cells[1]),
                    Long.parseLong(cells[2]),
                    Long.parseLong(cells[3]),
                    Long.parseLong(cells[4]),
                    cells[5].equals("yes"),
                    Long.parseLong(cells[6]));
        }
    }

    private static List<Row> plan(String... options) {
        StringWriter said = new StringWriter();
        CommandLine line = TrainerCommand.commandLine();
        line.setOut(new PrintWriter(said, true));
        String[] words = {"plan", "--model", BASE, "--batch-size", "256", "--max-sequence-length", "256"};
        String[] all = Arrays.copyOf(words, words.length + options.length);
        System.arraycopy(options, 0, all, words.length, options.length);
        assertThat(line.execute(all)).isZero();
        List<String> lines = said.toString().lines().toList();
        assertThat(lines.getFirst()).contains("182464 parameters in [F32], samples of up to 64 tokens");
        return lines.stream().skip(2).map(Row::of).toList();
    }

    @Test
    void eachPrecisionHasARowForEachHalfOfTheMicroBatch() {
        List<Row> rows = plan("--micro-batch-tokens", "8192");
        assertThat(rows).hasSize(16);
        assertThat(rows.stream().map(Row::precision).distinct()).containsExactly("float32", "bfloat16");
        assertThat(rows.subList(0, 8).stream().map(Row::tokens))
                .containsExactly(8192L, 4096L, 2048L, 1024L, 512L, 256L, 128L, 64L);
        for (int i = 0; i < 8; i++) {
            Row wide = rows.get(i);
            Row half = rows.get(i + 8);
            assertThat(half.activations()).isLessThan(wide.activations());
            assertThat(wide.again()).isFalse();
            // Each part is rounded up by itself.
            assertThat(wide.total())
                    .isBetween(
                            240 + wide.weights() + wide.learns() + wide.activations() - 3,
                            240 + wide.weights() + wide.learns() + wide.activations());
        }
    }

    @Test
    void allWeightsLearnWithAFullFineTune() {
        long few = plan("--rank", "8").getFirst().learns();
        assertThat(plan("--method", "full").getFirst().learns()).isGreaterThan(few);
    }

    @Test
    void aDirectoryThatIsNoModelIsRefused() {
        StringWriter said = new StringWriter();
        CommandLine line = TrainerCommand.commandLine();
        line.setErr(new PrintWriter(said, true));
        assertThat(line.execute("plan", "--model", directory.toString())).isEqualTo(Fault.MODEL_INVALID.exitCode());
        assertThat(said.toString()).contains(directory.toString());
    }
}
