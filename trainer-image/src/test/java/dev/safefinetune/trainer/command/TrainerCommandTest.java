package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class TrainerCommandTest {
    @TempDir
    Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {"run", "train-vector", "fine-tune", "score", "screen", "generate", "evaluate", "plan", "pretrain"
            })
    void everyCommandExplainsItself(String command) {
        assertThat(execute(command, "--help")).isZero();
        assertThat(out.toString()).contains("Usage: trainer " + command).contains("--");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "pretrain"})
    void whatACommandWouldIgnoreIsNoOptionOfIt(String command) {
        assertThat(execute(command, "--help")).isZero();
        assertThat(out.toString()).doesNotContain("--precision");
    }

    @Test
    void theDefaultsAreTheResources() {
        execute("fine-tune", "--help");
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("passes over the data (default 3)")
                .contains("peak learning rate (default 2e-4)")
                .contains("of the adapter (default 16)")
                .contains("scale (default 32)")
                .contains("(default Cosine)")
                .contains("(default 0.03)")
                .contains("new weights (default 42)");
    }

    @Test
    void aVectorByHandHasTheDefaultsOfASecurityVector() {
        execute("train-vector", "--help");
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("passes over the data (default 10)")
                .contains("peak learning rate (default 1e-3)")
                .contains("of the adapter (default 8)")
                .contains("scale (default 16)")
                .contains("(default Linear)")
                .contains("the rate rises (default 0)")
                .contains("keeps other behaviour (default 1)");
    }

    @Test
    void aUsersFaultIsOneLineAndItsExitCode() throws IOException {
        Path data = Files.writeString(dir.resolve("d.jsonl"), "{}");
        int code = execute(
                "fine-tune",
                "--model",
                dir.resolve("none").toString(),
                "--dataset",
                data.toString(),
                "--out",
                dir.resolve("out").toString());
        assertThat(code).isEqualTo(Fault.MODEL_INVALID.exitCode());
        assertThat(err.toString()).hasLineCount(1).startsWith("trainer: ").contains("does not exist");
    }

    @Test
    void aSettingOutOfRangeIsNamed() {
        int code = execute(
                "fine-tune",
                "--model",
                ".",
                "--dataset",
                "d",
                "--out",
                dir.resolve("o").toString(),
                "--rank",
                "0");
        assertThat(code).isEqualTo(Fault.SETTINGS_INVALID.exitCode());
        assertThat(err.toString()).contains("lora.rank must be in 1..512, was 0");
    }

    @Test
    void anAdapterOfAFullFineTuneIsRefused() {
        int code = execute(
                "fine-tune",
                "--model",
                ".",
                "--dataset",
                "d",
                "--out",
                dir.resolve("o").toString(),
                "--method",
                "full",
                "--content",
                "adapter");
        assertThat(code).isEqualTo(Fault.SETTINGS_INVALID.exitCode());
    }

    @Test
    void aFlagThatNobodyKnowsIsAUsageError() {
        assertThat(execute("score", "--model", "m", "--dataset", "d", "--out", "o", "--modle", "x"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--modle");
    }

    @Test
    void aJobSpecThatIsNotOneIsRefused() throws IOException {
        Path job = Files.writeString(dir.resolve("job.json"), "{\"surprise\":true}");
        assertThat(execute("run", job.toString(), "--result", dir.resolve("r").toString()))
                .isEqualTo(Fault.JOB_SPEC_INVALID.exitCode());
        assertThat(err.toString()).contains("the job spec is invalid");
        assertThat(execute("run", dir.resolve("no.json").toString(), "--result", "r"))
                .isEqualTo(Fault.JOB_SPEC_INVALID.exitCode());
    }

    private int execute(String... arguments) {
        return TrainerCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
