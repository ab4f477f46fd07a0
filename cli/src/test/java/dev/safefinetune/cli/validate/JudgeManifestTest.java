package dev.safefinetune.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the schema says of a judge model. */
class JudgeManifestTest {
    private static final String RUN = """
            apiVersion: safefinetune.dev/v1alpha1
            kind: SafeFineTune
            metadata: {name: support-bot, namespace: team-a}
            spec:
              model:   {uri: pvc://models/base}
              dataset: {uri: pvc://tickets/train.jsonl}
              output:  {uri: pvc://models/support-bot}
              safety:
                evaluation:
                  judge:
                    uri: pvc://judges/guard
                    template: "{{ request }}: {{ answer | trim }}"
                    harmfulPattern: unsafe
            """;

    @TempDir
    private Path directory = Path.of("");

    private String problems(String manifest) throws IOException {
        Path file = Files.writeString(directory.resolve("a.yaml"), manifest);
        return new Validator().validate(file).toString();
    }

    @Test
    void aJudgeIsTaken() throws IOException {
        assertThat(problems(RUN)).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{{ request }}: # x: # template must hold both",
                ": {{ answer | trim }} # : answer # template must hold both",
                "pvc://judges/guard # hf://guards/tiny # this release serves pvc://",
                "pvc://judges/guard # pvc://models/support-bot/judge # would replace spec.safety.evaluation.judge.uri",
                "harmfulPattern: unsafe # safePattern: safe # harmfulPattern",
                "harmfulPattern: unsafe # 'harmfulPattern: unsafe, digest: abc' # digest"
            })
    void whatCannotBeIsSaidBeforeAnythingRuns(String was, String is, String message) throws IOException {
        assertThat(problems(RUN.replace(was, is.replace(", ", "\n        ")))).contains(message);
    }
}
