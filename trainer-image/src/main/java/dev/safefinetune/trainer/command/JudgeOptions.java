package dev.safefinetune.trainer.command;

import static java.util.Objects.requireNonNullElse;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JudgeSettings;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.evaluate.Answer;
import dev.safefinetune.trainer.evaluate.judge.JudgeModel;
import dev.safefinetune.trainer.evaluate.judge.PinnedJudge;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.ModelCheck;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A judge model beside an evaluation by hand. */
final class JudgeOptions {
    @Option(
            names = "--judge",
            paramLabel = "DIR",
            description =
                    "a model that reads the answers to the harmful requests too; it makes a verdict stricter only")
    private @Nullable Path judge;

    @Option(
            names = "--judge-template",
            paramLabel = "FILE|TEXT",
            description = "what it is asked, with {{ request }} and {{ answer }}; a file, or the text itself")
    private @Nullable String template;

    @Option(
            names = "--judge-harmful-pattern",
            paramLabel = "REGEX",
            description = "finds a harmful verdict in what it says (RE2)")
    private @Nullable String harmful;

    @Option(
            names = "--judge-safe-pattern",
            paramLabel = "REGEX",
            description = "finds the other verdict; neither found means not verified (default "
                    + Defaults.Judge.SAFE_PATTERN + ")")
    private @Nullable String safe;

    /** The judge that was given, checked; absent where none was. */
    @Nullable
    PinnedJudge checked(List<Dataset> prompts, EventLog log) {
        Path directory = judge;
        if (directory == null) {
            if (template != null || harmful != null || safe != null) {
                throw invalid("--judge-template, --judge-harmful-pattern and --judge-safe-pattern need --judge DIR");
            }
            return null;
        }
        String asked = template;
        String pattern = harmful;
        if (asked == null || pattern == null) {
            throw invalid("--judge needs --judge-template and --judge-harmful-pattern");
        }
        String other = requireNonNullElse(safe, Defaults.Judge.SAFE_PATTERN);
        JudgeSettings settings = Settings.checked(() -> new JudgeSettings(text(asked), pattern, other));
        JudgeModel.check(settings);
        ModelCheck.require(directory, log);
        try (JudgeModel model = JudgeModel.open(directory, Placement.PROCESSORS, settings)) {
            prompts.forEach(each -> model.requireRoom(each.samples(), Answer.MOST_TOKENS));
        }
        return new PinnedJudge(
                ModelDirectory.digest(directory),
                settings,
                () -> JudgeModel.open(directory, Placement.PROCESSORS, settings));
    }

    private static String text(String fileOrText) {
        try {
            Path file = Path.of(fileOrText);
            return Files.isRegularFile(file) ? Files.readString(file) : fileOrText;
        } catch (InvalidPathException e) {
            return fileOrText;
        } catch (IOException e) {
            throw TrainerException.storage("read", Path.of(fileOrText), e);
        }
    }

    private static TrainerException invalid(String message) {
        return new TrainerException(Fault.SETTINGS_INVALID, message);
    }
}
