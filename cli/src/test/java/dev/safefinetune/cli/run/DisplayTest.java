package dev.safefinetune.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DisplayTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void aStageAtWorkShowsLossSpeedAndWhatIsLeft() {
        new Display(out, true).show(run(), state("Running", 50));
        assertThat(text())
                .contains("[############------------]  50 %  loss 0.2347  1,234 tokens/s  ETA 1:15 min  secured arm");
    }

    @Test
    void withoutATerminalThereAreFewLinesAndNoEscapes() {
        Display display = new Display(out, false);
        for (int percent = 0; percent <= 100; percent++) {
            display.show(run(), state("Running", percent));
        }
        display.show(run(), state("Succeeded", 100));
        display.show(run(), state("Succeeded", 100));
        assertThat(text().lines()).hasSize(6);
        assertThat(text()).doesNotContain("\u001b").contains("done");
    }

    @Test
    void aStallOfAnOlderSpecIsNoFailure() {
        String stalled = """
                metadata: {generation: %d}
                status:
                  conditions: [{type: Stalled, status: "True", observedGeneration: 1, reason: R, message: m}]
                """;
        assertThat(RunState.of(object(stalled.formatted(1))).failure()).isEqualTo("R: m");
        assertThat(RunState.of(object(stalled.formatted(2))).failure()).isNull();
    }

    private static Manifest run() {
        return new Manifest(Path.of("m.yaml"), object("kind: SafeFineTune\nmetadata: {name: t}"));
    }

    private static RunState state(String stage, int percent) {
        return RunState.of(object("""
                metadata: {generation: 1}
                status:
                  progress: {stage: Train, percentage: %d, loss: "0.2347", tokensPerSecond: 1234,
                    estimatedRemainingSeconds: 75, activity: secured arm}
                  stages: [{name: Train, state: %s, seconds: 61}]
                """.formatted(percent, stage)));
    }

    private static ObjectNode object(String yaml) {
        return Serialization.unmarshal(yaml, ObjectNode.class);
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
