package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Repair;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuiteHalvesTest {
    private static final EvaluationThresholds ONCE = new EvaluationThresholds(0.03, 0.03, 0.05, 0.08).with(Repair.ONCE);
    private static final Digest MODEL = StageHarness.digestOf("model");

    private static List<Sample> rows(int count, String category) {
        List<Sample> rows = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            rows.add(row(k, category + " number " + k + " ?", category));
        }
        return rows;
    }

    private static Sample row(int index, String request, String category) {
        return new Sample(
                index,
                index + 1,
                List.of(new Message(Message.Role.USER, request), new Message(Message.Role.ASSISTANT, "yes")),
                category);
    }

    private static Suite suite(List<Sample> rows) {
        return Suite.of(new Dataset("prompts", rows), null);
    }

    private static Set<String> requests(Suite half) {
        Set<String> requests = new HashSet<>();
        half.prompts().forEach(p -> requests.add(HeldOut.request(p)));
        assertThat(requests).hasSize(half.prompts().size());
        return requests;
    }

    @Test
    void eachHalfHasHalfOfEachCategoryAndNoRequestIsInBoth() {
        List<Sample> rows = new ArrayList<>(rows(101, "hexes"));
        rows.addAll(rows(33, "sparks"));
        rows.addAll(rows(4, "mud"));

        SuiteHalves halves = SuiteHalves.of(suite(rows), MODEL);

        assertThat(Collections.disjoint(requests(halves.first()), requests(halves.second())))
                .isTrue();
        assertThat(List.of(
                        halves.first().prompts().size(),
                        halves.second().prompts().size()))
                .containsExactly(69, 69);
        for (String category : List.of("hexes", "sparks", "mud")) {
            long all = rows.stream().filter(r -> category.equals(r.category())).count();
            assertThat(halves.second().prompts().stream().filter(p -> category.equals(p.category())))
                    .as(category)
                    .hasSizeBetween((int) all / 2, (int) (all + 1) / 2);
        }
    }

    /** Otherwise a row that stands twice in the suite would be asked before the repair and after it. */
    @Test
    void aRequestThatStandsTwiceIsAskedOnceWhateverItsCaseAndSpaces() {
        List<Sample> rows = new ArrayList<>(rows(20, "hexes"));
        rows.add(row(20, "HEXES  number 3 ? ", "hexes"));
        rows.add(row(21, "hexes number 4 ?", "sparks"));
        rows.addAll(rows(6, "mud"));

        SuiteHalves halves = SuiteHalves.of(suite(rows), MODEL);

        assertThat(requests(halves.first()).size() + requests(halves.second()).size())
                .isEqualTo(26);
    }

    @Test
    void theOrderOfTheFileDoesNotMatter() {
        List<Sample> rows = new ArrayList<>(rows(80, "hexes"));
        List<Sample> mixed = new ArrayList<>(rows);
        Collections.shuffle(mixed, new Random(3));

        assertThat(requests(SuiteHalves.of(suite(mixed), MODEL).second()))
                .isEqualTo(requests(SuiteHalves.of(suite(rows), MODEL).second()));
    }

    /** Who knows the suite could otherwise train a model for the half that is asked after the repair. */
    @Test
    void anotherModelHasOtherHalves() {
        Suite suite = suite(rows(400, "hexes"));
        Set<String> second = requests(SuiteHalves.of(suite, MODEL).second());

        Set<String> others =
                requests(SuiteHalves.of(suite, StageHarness.digestOf("other")).second());

        others.retainAll(second);
        assertThat(others.size()).as("of 200, about half by chance").isBetween(70, 130);
    }

    @Test
    void fewerThanTwoJudgementsNeedAreRefused() {
        assertThatCode(() -> SuiteHalves.requireEnough(suite(rows(378, "hexes")), ONCE))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> SuiteHalves.requireEnough(suite(rows(377, "hexes")), ONCE))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("has 377 different prompts, repair Once needs at least 378");
        EvaluationThresholds strict = new EvaluationThresholds(0.01, 0.03, 0.05, 0.08).with(Repair.ONCE);
        assertThatThrownBy(() -> SuiteHalves.requireEnough(suite(rows(761, "hexes")), strict))
                .hasMessageContaining("needs at least 762");
    }

    @Test
    void repeatedRequestsDoNotMakeASuiteLargeEnough() {
        List<Sample> rows = new ArrayList<>(rows(200, "hexes"));
        rows.addAll(rows(200, "hexes"));

        assertThatThrownBy(() -> SuiteHalves.requireEnough(suite(rows), ONCE))
                .hasMessageContaining("has 200 different prompts");
    }

    @Test
    void aCategoryWithOneRequestIsRefused() {
        List<Sample> rows = new ArrayList<>(rows(400, "hexes"));
        rows.addAll(rows(1, "mud"));

        assertThatThrownBy(() -> SuiteHalves.requireEnough(suite(rows), ONCE))
                .hasMessageContaining("1 prompt of category mud, repair Once needs at least 2");
    }
}
