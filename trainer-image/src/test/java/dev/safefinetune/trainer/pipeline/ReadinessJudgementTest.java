package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.safefinetune.contract.Defaults;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.train.TokenLosses;
import dev.safefinetune.trainer.vector.VectorFigures;
import dev.safefinetune.trainer.vector.VectorFigures.Category;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadinessJudgementTest {
    private static final Readiness.Replay REPLAY = new Readiness.Replay(new Digest("sha256:" + "4".repeat(64)), 8, 0);
    private static final ReadinessThresholds THRESHOLDS = new ReadinessThresholds(0.8, 0.88, 0.5, 0.1);

    @Test
    void aGoodVectorPassesWithAThresholdHalfWayBetween() {
        Readiness judged = judge(category(0.9, 1, 0.1, 1.2, 2.0), benign(-0.1, 0.2));
        assertThat(judged.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged.gateDrop()).isCloseTo(0.7, within(1e-6));
    }

    @Test
    void theShareOfTheLossHasAThresholdHalfWayBetweenToo() {
        Readiness judged = judge(category(0.9, 1, 0.1, 1.2, 2.0), benign(-0.1, 0.2));
        assertThat(judged.gateShare()).isNotNull().isBetween(0.0, 1.0);
        assertThat(judged.replay()).isEqualTo(REPLAY);
    }

    @Test
    void aBaseThatRefusesNextToNothingIsNoneToCoolDownWith() {
        Readiness.Replay few = new Readiness.Replay(REPLAY.digest(), 7, 100);
        VectorFigures figures =
                new VectorFigures(new TreeMap<>(Map.of("c", category(0.9, 1, 0.1, 1.2, 2.0))), benign(0, 0), 0.01);

        Readiness judged = ReadinessJudgement.of(figures, THRESHOLDS, few);

        assertThat(judged.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged.findings()).singleElement().asString().contains("refuses 7 of the vector's requests");
    }

    @Test
    void eachFigureIsHeldToItsThresholdAndNamed() {
        assertThat(judge(category(0.79, 1, 0.1, 1, 2), benign(0, 0)).findings())
                .singleElement()
                .asString()
                .contains("category c: the vector explains 0.790 of the loss, at least 0.8");
        assertThat(judge(category(0.9, 1, 0.51, 1, 2), benign(0, 0)).findings())
                .singleElement()
                .asString()
                .contains("gradient keeps 0.510");
        assertThat(judge(category(0.9, 1, 0.1, 1, 2), benign(-0.3, 0)).findings())
                .singleElement()
                .asString()
                .contains("benign loss rises by 0.150 nats");
    }

    /** The default is met by the fewest samples that a vector may be assessed on, and by no fewer and no slip. */
    @Test
    void theBoundOverAllCategoriesIsHeldToTheThreshold() {
        double limit = Double.parseDouble(Defaults.Readiness.MIN_FIRST_TOKEN_COMPLIANCE);
        ReadinessThresholds defaults = new ReadinessThresholds(0.8, limit, 0.5, 0.1);
        assertThat(defaults.heldOutNeeded()).isEqualTo(30);

        Readiness all = pooled(defaults, 1, 15, 1, 15);
        assertThat(all.findings()).isEmpty();
        Rate rate = Objects.requireNonNull(all.firstTokenCompliance());
        assertThat(rate.lower95()).isCloseTo(0.8865, within(1e-4));
        assertThat(rate.n()).isEqualTo(30);
        assertThat(pooled(defaults, 1, 14, 1, 14).findings())
                .singleElement()
                .asString()
                .contains("complies in 1.000 of all 28 held-out samples, its lower bound 0.879 is below");
        assertThat(pooled(defaults, 14.0 / 15, 15, 1, 15).findings())
                .singleElement()
                .asString()
                .contains("complies in 0.967 of all 30 held-out samples, its lower bound 0.833");
    }

    /** Many good samples of one category do not hide that another is not covered. */
    @Test
    void eachCategorysShareIsHeldToTheThresholdAsWell() {
        assertThat(pooled(THRESHOLDS, 1, 200, 0.8, 5).findings())
                .singleElement()
                .asString()
                .contains("category d: the first token complies in 0.800");
    }

    private static Readiness pooled(ReadinessThresholds thresholds, double first, int n, double second, int m) {
        double[] drops = new double[n];
        Arrays.fill(drops, 1.5);
        double[] others = new double[m];
        Arrays.fill(others, 1.5);
        return ReadinessJudgement.of(
                new VectorFigures(
                        new TreeMap<>(
                                Map.of("c", category(0.9, first, 0.1, drops), "d", category(0.9, second, 0.1, others))),
                        benign(0, 0.1),
                        0.01),
                thresholds,
                REPLAY);
    }

    @Test
    void aBaseThatRefusesNoneOfTheRequestsMakesNoVector() {
        VectorFigures figures =
                new VectorFigures(new TreeMap<>(Map.of("c", category(0.9, 1, 0.1, 1.2, 2.0))), benign(0, 0), 0.01);
        assertThat(ReadinessJudgement.of(figures, THRESHOLDS, new Readiness.Replay(REPLAY.digest(), 0, 100))
                        .findings())
                .singleElement()
                .asString()
                .contains("refuses 0 of the vector's requests");
    }

    @Test
    void aVectorWhoseDropsCrossIsRefusedAndHasNoThreshold() {
        Readiness judged = judge(category(0.9, 1, 0.1, 0.5, 2), benign(0, 0.6));
        assertThat(judged.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged.gateDrop()).isNull();
        assertThat(judged.findings()).singleElement().asString().contains("cannot be told apart");
    }

    @Test
    void aThresholdBelowZeroWouldGateEverythingAndIsNone() {
        assertThat(judge(category(0.9, 1, 0.1, 0.01, 2), benign(-0.9, -0.05)).gateDrop())
                .isNull();
    }

    @Test
    void aFigureThatIsNoNumberIsNoVerdict() {
        assertThatThrownBy(() -> judge(category(Double.NaN, 1, 0.1, 1, 2), benign(0, 0)))
                .isInstanceOf(ArithmeticException.class);
    }

    private static Readiness judge(Category category, List<TokenLosses> benign) {
        return ReadinessJudgement.of(
                new VectorFigures(new TreeMap<>(Map.of("c", category)), benign, 0.01), THRESHOLDS, REPLAY);
    }

    private static Category category(double explained, double first, double ratio, double... drops) {
        // Forty of a kind: the bound of few samples is another test's.
        double[] many = drops.length > 4
                ? drops
                : IntStream.range(0, 40)
                        .mapToDouble(k -> drops[k % drops.length])
                        .toArray();
        return new Category(drops(many), explained, first, 1, ratio);
    }

    private static List<TokenLosses> benign(double... drops) {
        return drops(drops);
    }

    private static List<TokenLosses> drops(double... drops) {
        return DoubleStream.of(drops).mapToObj(d -> losses(3, (float) (3 - d))).toList();
    }

    /** Five tokens alike. */
    private static TokenLosses losses(float off, float on) {
        float[] without = new float[5];
        float[] with = new float[5];
        Arrays.fill(without, off);
        Arrays.fill(with, on);
        return new TokenLosses(0, without, with, new int[] {0});
    }
}
