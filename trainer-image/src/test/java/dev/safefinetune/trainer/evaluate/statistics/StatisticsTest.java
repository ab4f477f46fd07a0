package dev.safefinetune.trainer.evaluate.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.contract.Rate;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Against scipy and statsmodels: {@code src/test/python/make_statistics_fixtures.py}. */
class StatisticsTest {
    /** Both sides compute in double precision. */
    private static final Offset<Double> ROUNDING = within(1e-12);

    private static final JsonNode REFERENCE = read();

    private static JsonNode read() {
        try (InputStream in = StatisticsTest.class.getResourceAsStream("/statistics/reference.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, "statistics/reference.json"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    @Test
    void wilsonIntervalsAreThoseOfStatsmodels() {
        assertThat(REFERENCE.get("wilson").size()).isGreaterThan(20);
        for (JsonNode row : REFERENCE.get("wilson")) {
            Rate rate = Wilson.rate(row.get("successes").asInt(), row.get("n").asInt());

            assertThat(rate.lower95())
                    .as(row.toString())
                    .isCloseTo(row.get("lower95").asDouble(), ROUNDING);
            assertThat(rate.upper95())
                    .as(row.toString())
                    .isCloseTo(row.get("upper95").asDouble(), ROUNDING);
        }
    }

    @Test
    void noneOfAHundredIsNotZero() {
        assertThat(Wilson.rate(0, 100).upper95()).isCloseTo(0.037, within(5e-5));
    }

    @Test
    void mcNemarIsExactAsInStatsmodels() {
        for (JsonNode row : REFERENCE.get("mcnemar")) {
            PairedRates paired = PairedRates.of(
                    row.get("both").asInt(),
                    row.get("onlyFirst").asInt(),
                    row.get("onlySecond").asInt(),
                    row.get("neither").asInt());

            assertThat(paired.p()).as(row.toString()).isCloseTo(row.get("p").asDouble(), ROUNDING);
        }
    }

    @Test
    void pairedIntervalIsThatOfNewcombesExample() {
        // Newcombe 1998, table II, method 10: 36 both, 12 and 2 discordant, 0 neither.
        PairedRates paired = PairedRates.of(36, 12, 2, 0);

        assertThat(paired.difference()).isCloseTo(0.2, ROUNDING);
        assertThat(paired.lower95()).isCloseTo(0.0569, within(5e-5));
        assertThat(paired.upper95()).isCloseTo(0.3404, within(5e-5));
    }

    @Test
    void pairedIntervalKeepsItsWidthWhereNothingDiffers() {
        PairedRates paired = PairedRates.of(0, 0, 0, 135);

        assertThat(paired.difference()).isZero();
        assertThat(paired.upper95()).isCloseTo(Wilson.rate(0, 135).upper95(), ROUNDING);
        assertThat(paired.p()).isEqualTo(1);
    }

    @Test
    void countsPairsItemByItem() {
        PairedRates paired = PairedRates.of(List.of(true, true, false, false), List.of(true, false, true, false));

        assertThat(paired).returns(4, PairedRates::n).returns(1, PairedRates::onlyFirst);
        assertThat(paired.onlySecond()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> PairedRates.of(List.of(true), List.of()));
    }

    @Test
    void holmIsThatOfStatsmodels() {
        for (JsonNode row : REFERENCE.get("holm")) {
            assertThat(Holm.adjust(numbers(row.get("p")))).containsExactly(numbers(row.get("adjusted")), ROUNDING);
        }
    }

    @Test
    void bootstrapIntervalsAreThoseOfScipy() {
        for (JsonNode row : REFERENCE.get("bootstrap")) {
            Bootstrap mean = Bootstrap.mean(numbers(row.get("values")), 7);

            // A percentile of 10,000 resamples scatters by about 0.03 standard errors: 0.1 is three times that.
            Offset<Double> scatter = within(0.1 * row.get("standardError").asDouble());
            assertThat(mean.mean()).isCloseTo(row.get("mean").asDouble(), ROUNDING);
            assertThat(mean.lower95()).isCloseTo(row.get("lower95").asDouble(), scatter);
            assertThat(mean.upper95()).isCloseTo(row.get("upper95").asDouble(), scatter);
        }
    }

    @Test
    void bootstrapIsTheSameForTheSameSeed() {
        double[] values = {0.1, -0.4, 2, 1};

        assertThat(Bootstrap.mean(values, 1)).isEqualTo(Bootstrap.mean(values, 1));
        assertThat(Bootstrap.difference(values, values, 1))
                .returns(0.0, Bootstrap::mean)
                .returns(1.0, Bootstrap::p);
    }

    @Test
    void bootstrapTellsAClearDifferenceFromNone() {
        double[] clear = {1, 1.1, 0.9, 1.2, 1};

        assertThat(Bootstrap.mean(clear, 3).p()).isLessThan(0.001);
        assertThat(Bootstrap.mean(new double[] {-1, 1, -1, 1}, 3).p()).isGreaterThan(0.5);
    }

    @Test
    void noMeanIsTakenOverWhatIsNoNumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bootstrap.mean(new double[] {1, Double.NaN}, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Bootstrap.mean(new double[0], 1));
    }
}
