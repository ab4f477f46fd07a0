package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.VECTOR_RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssessmentRoomTest {
    /** As long as Kubernetes allows names to be. */
    private static final RunIdentity LONG_RUN =
            new RunIdentity("n".repeat(63), "SecurityVector", "v".repeat(253), "u".repeat(36), "v".repeat(253) + "-1");

    @TempDir
    private Path dir;

    /** 63 characters of one to three bytes, and some that JSON writes with six. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "東", "\"", "\u0001"})
    void asManyCategoriesAsHaveRoomFitInTheWorstCase(String character) throws IOException {
        List<String> names = names(character.repeat(60), 60);

        for (RunIdentity run : List.of(VECTOR_RUN, LONG_RUN)) {
            int most = AssessmentRoom.most(run, names);

            assertThat(most).isBetween(1, 40);
            assertThat(written(worst(run, names.subList(0, most)))).isInstanceOf(Readiness.class);
            assertThat(written(worst(run, names.subList(0, most + 1)))).isNull();
        }
    }

    @Test
    void usualNamesLeaveRoomForAUsualTaxonomy() {
        assertThat(AssessmentRoom.most(VECTOR_RUN, names("violence and physical harm ", 60)))
                .isGreaterThanOrEqualTo(14);
    }

    @Test
    void theLongestNamesDecideWhicheverAreThere() {
        List<String> mixed = new ArrayList<>(names("a", 9));
        mixed.addAll(names("東".repeat(60), 30));

        assertThat(AssessmentRoom.most(VECTOR_RUN, mixed))
                .isEqualTo(AssessmentRoom.most(VECTOR_RUN, mixed.reversed()))
                .isEqualTo(AssessmentRoom.most(VECTOR_RUN, names("東".repeat(60), 30)));
    }

    private static List<String> names(String stem, int count) {
        return IntStream.range(100, 100 + count).mapToObj(k -> stem + k).toList();
    }

    /** A refusal of every category, in numbers that are written as long as can be. */
    private static StageResult worst(RunIdentity run, List<String> names) {
        SortedMap<String, Readiness.Category> categories = new TreeMap<>();
        List<String> findings = new ArrayList<>();
        double number = -2.2250738585072014E-308;
        Digest digest = new Digest("sha256:" + "a".repeat(64));
        for (String name : names) {
            categories.put(name, new Readiness.Category(number, number, number, Integer.MAX_VALUE, Integer.MAX_VALUE));
            findings.add("category " + name + ": the vector explains -99999999999999999999.999 of the loss, at least"
                    + " 0.123456789012345678901234567890 is needed");
            findings.add("category " + name + ": the gradient keeps 99999999999999999999.999 of its norm, allowed are"
                    + " 0.123456789012345678901234567890");
        }
        return StageResult.done(
                        run,
                        Stage.ASSESS,
                        Inputs.of(Map.of(Inputs.ASSESSMENT, digest, Inputs.REPLAY, digest)),
                        new Readiness(
                                Verdict.FAILED,
                                findings,
                                number,
                                number,
                                new Readiness.Replay(digest, Integer.MAX_VALUE, Integer.MAX_VALUE),
                                new Rate(-number, -number, -number, Integer.MAX_VALUE),
                                categories,
                                number,
                                number,
                                List.of(),
                                TokenGate.of(
                                        new TokenGate.Band(-number, -number),
                                        new TokenGate.Band(-number, -number),
                                        -number,
                                        -number)))
                .toldBy(digest);
    }

    private @Nullable StageFigures written(StageResult result) throws IOException {
        Path file = dir.resolve("result");
        ResultFile.write(file, result);
        assertThat(Files.size(file)).isLessThanOrEqualTo(StageResult.MAX_BYTES);
        return ContractJson.read(Files.readString(file), StageResult.class).figures();
    }
}
