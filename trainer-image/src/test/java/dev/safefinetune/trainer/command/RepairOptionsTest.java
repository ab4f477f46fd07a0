package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a repair by hand needs is asked for before anything is measured. */
class RepairOptionsTest {
    private static final Path QUICKSTART = Path.of("..", "examples", "quickstart");

    @TempDir
    Path dir;

    private void refused(Fault fault, String message, String... options) {
        StringWriter err = new StringWriter();
        CommandLine line = TrainerCommand.commandLine();
        line.setErr(new PrintWriter(err));
        String base = QUICKSTART.resolve("models/base").toString();
        List<String> words = new ArrayList<>(List.of("evaluate", "--base", base, "--model", base));
        words.addAll(List.of(
                "--prompts", QUICKSTART.resolve("data/suite/prompts.jsonl").toString()));
        words.addAll(List.of("--out", dir.resolve("report.json").toString()));
        words.addAll(Arrays.asList(options));
        assertThat(line.execute(words.toArray(String[]::new)))
                .as(err.toString())
                .isEqualTo(fault.exitCode());
        assertThat(err.toString()).contains(message);
        assertThat(dir.resolve("report.json")).doesNotExist();
    }

    @Test
    void aWordThatIsNoRepair() {
        refused(Fault.SETTINGS_INVALID, "--repair must be disabled or once, was twice", "--repair", "twice");
    }

    @Test
    void aRepairWithoutAVector() {
        refused(Fault.SETTINGS_INVALID, "--repair once needs --vector", "--repair", "once", "--repaired", at("r"));
    }

    @Test
    void aRepairWithoutAPlaceForTheModel() {
        refused(Fault.SETTINGS_INVALID, "--repair once needs --repaired", "--repair", "once", "--vector", at("v"));
    }

    @Test
    void aPlaceForAModelThatNobodyRepairs() {
        refused(Fault.SETTINGS_INVALID, "--repaired needs --repair once", "--repaired", at("r"));
    }

    /** The quickstart's suite has 216 requests. */
    @Test
    void aSuiteThatIsTooSmallForTwoJudgements() throws IOException {
        Files.createDirectory(dir.resolve("v"));
        refused(
                Fault.DATASET_INVALID,
                "has 216 different prompts, repair Once needs at least 378",
                "--repair",
                "once",
                "--vector",
                at("v"),
                "--repaired",
                at("r"));
        assertThat(dir.resolve("r")).doesNotExist();
    }

    private String at(String name) {
        return dir.resolve(name).toString();
    }
}
