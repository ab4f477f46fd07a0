package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.safefinetune.contract.ReadinessThresholds;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.vector.VectorFigures;
import dev.safefinetune.trainer.vector.VectorFigures.Category;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ReadinessJudgementTest {
    private static final ReadinessThresholds THRESHOLDS = new ReadinessThresholds(0.8, 0.95, 0.5, 0.1);

    @Test
    void aGoodVectorPassesWithAThresholdHalfWayBetween() {
        Readiness judged = judge(category(0.9, 1, 0.1, 1.2, 2.0), benign(-0.1, 0.2));
        assertThat(judged.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged.gateDrop()).isCloseTo(0.7, within(1e-9));
    }

    @Test
    void eachFigureIsHeldToItsThresholdAndNamed() {
        assertThat(judge(category(0.79, 1, 0.1, 1, 2), benign(0, 0)).findings())
                .singleElement()
                .asString()
                .contains("category c: the vector explains 0.790 of the loss, at least 0.8");
        assertThat(judge(category(0.9, 0.94, 0.1, 1, 2), benign(0, 0)).findings())
                .singleElement()
                .asString()
                .contains("first token complies in 0.940");
        assertThat(judge(category(0.9, 1, 0.51, 1, 2), benign(0, 0)).findings())
                .singleElement()
                .asString()
                .contains("gradient keeps 0.510");
        assertThat(judge(category(0.9, 1, 0.1, 1, 2), benign(-0.3, 0)).findings())
                .singleElement()
                .asString()
                .contains("benign loss rises by 0.150 nats");
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

    private static Readiness judge(Category category, List<SampleDrop> benign) {
        return ReadinessJudgement.of(new VectorFigures(new TreeMap<>(Map.of("c", category)), benign, 0.01), THRESHOLDS);
    }

    private static Category category(double explained, double first, double ratio, double... drops) {
        return new Category(drops(drops), explained, first, 1, ratio);
    }

    private static List<SampleDrop> benign(double... drops) {
        return drops(drops);
    }

    private static List<SampleDrop> drops(double... drops) {
        return DoubleStream.of(drops)
                .mapToObj(d -> new SampleDrop(0, 3, 3 - d, 5))
                .toList();
    }
}
