package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the assessment found of single tokens, on its way over the vector's status to the training. */
class TokenThresholdsTest {
    private static final int ENOUGH = 30;

    @TempDir
    Path state;

    static Stream<TokenGate> found() {
        return Stream.of(
                TokenGate.of(
                        new TokenGate.Band(2.2453041076660156, 0.5031612210415057),
                        new TokenGate.Band(1.5, 0.25),
                        0.0001,
                        0.9907407407407407),
                TokenGate.crossed("tokens from 9 on: benign drops reach 0.5"));
    }

    /** With every digit, and where there are none with the reason. */
    @ParameterizedTest
    @MethodSource("found")
    void comesToTheTrainingAsItWasFound(TokenGate found) throws Exception {
        try (World world = World.start(state)) {
            Steps operator = new Steps(world.client());
            world.applyFineTune();
            world.applyVector();
            for (int i = 0; i < ENOUGH; i++) {
                operator.both();
                world.pods().run(World.NAMESPACE, spec -> assessed(spec, found));
            }

            var train = (StageTask.Train) spec(world, "bot-1-train").task();
            assertThat(Objects.requireNonNull(train.vector()).tokenGate()).isEqualTo(found);
        }
    }

    private static JobSpec spec(World world, String job) {
        return world.pods()
                .spec(world.client()
                        .batch()
                        .v1()
                        .jobs()
                        .inNamespace(World.NAMESPACE)
                        .withName(job)
                        .get());
    }

    private static StageResult assessed(JobSpec spec, TokenGate found) {
        StageResult result = Results.good(spec);
        return result.figures() instanceof StageFigures.Readiness r
                ? StageResult.done(
                        result.run(),
                        result.stage(),
                        result.outputs(),
                        new StageFigures.Readiness(
                                r.verdict(),
                                r.findings(),
                                r.gateDrop(),
                                r.gateShare(),
                                r.replay(),
                                r.firstTokenCompliance(),
                                r.categories(),
                                r.benignIncrease(),
                                r.randomExplained(),
                                r.provenSuites(),
                                found))
                : result;
    }
}
