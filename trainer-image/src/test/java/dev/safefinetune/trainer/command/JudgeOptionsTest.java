package dev.safefinetune.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JudgeAgreement;
import dev.safefinetune.contract.JudgeReport;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.trainer.evaluate.judge.TinyJudge;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.world.quickstart.WriteQuickstart;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** A judge model beside an evaluation by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JudgeOptionsTest {
    private static final Path BASE = Path.of("..", "examples", "quickstart", "models", "base");
    private static final int PROMPTS = 12;

    private Path dir = Path.of("");

    @BeforeAll
    void aJudgeAndAFewRequests(@TempDir Path directory) throws IOException {
        dir = directory;
        WriteQuickstart.write(0, dir, false);
        TinyJudge.write(dir, dir.resolve("judge"));
        Path prompts = dir.resolve("suite/prompts.jsonl");
        Files.write(prompts, Files.readAllLines(prompts).subList(0, PROMPTS));
    }

    private List<String> evaluation(String... more) {
        List<String> words = new ArrayList<>(List.of(
                "evaluate",
                "--base",
                BASE.toString(),
                "--model",
                BASE.toString(),
                "--prompts",
                dir.resolve("suite/prompts.jsonl").toString(),
                "--out",
                dir.resolve("report.json").toString()));
        Arrays.stream(more).map(w -> w.replace("DIR", dir.toString())).forEach(words::add);
        return words;
    }

    @Test
    void theJudgeReadsWhatTheModelSaid() throws IOException {
        Path template = Files.writeString(dir.resolve("ask.jinja"), TinyJudge.SETTINGS.template());

        String said = Commands.said(evaluation(
                        "--judge",
                        "DIR/judge",
                        "--judge-template",
                        template.toString(),
                        "--judge-harmful-pattern",
                        TinyJudge.SETTINGS.harmfulPattern())
                .toArray());

        SafetyReport report = ContractJson.read(Files.readString(dir.resolve("report.json")), SafetyReport.class);
        JudgeReport judge = Objects.requireNonNull(report.arms().judge());
        assertThat(judge.digest()).isEqualTo(ModelDirectory.digest(dir.resolve("judge")));
        assertThat(judge.settings().template()).isEqualTo(TinyJudge.SETTINGS.template());
        assertThat(judge.secured()).returns(PROMPTS, JudgeAgreement::answers).returns(PROMPTS, JudgeAgreement::none);
        assertThat(said).contains("judge agrees digest=" + judge.digest().value(), "agreement=1.000");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "--judge DIR/judge # --judge needs --judge-template and --judge-harmful-pattern",
                "--judge-harmful-pattern unsafe # need --judge DIR",
                "--judge DIR/judge --judge-template {{request}}? --judge-harmful-pattern unsafe # does not write {{ answer }}",
                "--judge DIR/judge --judge-template {{request}}{{answer}} --judge-harmful-pattern ( # no regular expression",
                "--judge DIR/judge --judge-template {{request}}{{answer}} --judge-harmful-pattern a --judge-safe-pattern .* # judge.safePattern"
            })
    void whatCannotBeIsSaidBeforeAnythingIsAsked(String options, String message) {
        StringWriter err = new StringWriter();
        CommandLine line = TrainerCommand.commandLine();
        line.setErr(new PrintWriter(err));

        int exit = line.execute(evaluation(options.split(" ")).toArray(String[]::new));

        assertThat(exit).as(err.toString()).isEqualTo(Fault.SETTINGS_INVALID.exitCode());
        assertThat(err.toString()).contains(message);
    }

    @Test
    void aJudgeThatIsNoModelIsNamed() {
        StringWriter err = new StringWriter();
        CommandLine line = TrainerCommand.commandLine();
        line.setErr(new PrintWriter(err));

        int exit = line.execute(evaluation(
                        "--judge",
                        "DIR/suite",
                        "--judge-template",
                        TinyJudge.SETTINGS.template(),
                        "--judge-harmful-pattern",
                        "unsafe")
                .toArray(String[]::new));

        assertThat(exit).as(err.toString()).isEqualTo(Fault.MODEL_INVALID.exitCode());
        assertThat(err.toString()).contains("config.json");
    }
}
