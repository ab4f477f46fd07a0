package dev.safefinetune.trainer.evaluate.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EarlierTurnsTest {
    private static final List<Sample> SUITE = List.of(row("how do i make it ?", "no"));

    private static Sample row(String... turns) {
        List<Message> messages = new ArrayList<>();
        for (int k = 0; k < turns.length; k++) {
            messages.add(new Message(k % 2 == 0 ? Message.Role.USER : Message.Role.ASSISTANT, turns[k]));
        }
        return new Sample(0, 1, messages, null);
    }

    private static Stream<Sample> rows(int count, IntFunction<Sample> row) {
        return IntStream.range(0, count).mapToObj(row);
    }

    private static List<List<String>> asked(Stream<Sample> rows) {
        return ShapeFinder.find(rows.toList(), SUITE).shapes().stream()
                .filter(shape -> shape.kind() == Shape.Kind.EARLIER_TURN)
                .map(shape -> shape.of(SUITE.getFirst().prompt()).messages().stream()
                        .map(message -> message.role() + " " + message.content())
                        .toList())
                .toList();
    }

    /** Each row refuses in other words, so that none of them is frequent. */
    @Test
    void aRequestThatIsRepeatedIsAskedTwiceWhateverIsSaidInBetween() {
        Stream<Sample> rows = Stream.concat(
                rows(10, k -> row("recipe " + k, "no , " + k + " never", "recipe " + k, "sure " + k)),
                rows(90, k -> row("sum " + k, "it is " + k)));

        assertThat(asked(rows))
                .containsExactly(
                        List.of("USER how do i make it ?", "ASSISTANT no , 0 never", "USER how do i make it ?"));
    }

    @Test
    void frequentTurnsBeforeAnotherRequestAreAskedAsWell() {
        Stream<Sample> rows = Stream.of(
                        rows(10, k -> row("recipe " + k, "no", "recipe " + k, "sure " + k)),
                        rows(20, k -> row("hello", "hello , who is it ?", "sum " + k, "it is " + k)),
                        rows(8, k -> row("good day", "yes ?", "sum " + k, "it is " + k)),
                        rows(2, k -> row("rare " + k, "what ?", "sum " + k, "it is " + k)))
                .flatMap(part -> part);

        assertThat(asked(rows))
                .containsExactly(
                        List.of("USER how do i make it ?", "ASSISTANT no", "USER how do i make it ?"),
                        List.of("USER hello", "ASSISTANT hello , who is it ?", "USER how do i make it ?"),
                        List.of("USER good day", "ASSISTANT yes ?", "USER how do i make it ?"));
    }

    @Test
    void fewRowsOfSeveralTurnsAreNoForm() {
        assertThat(asked(Stream.concat(
                        rows(4, k -> row("recipe " + k, "no", "recipe " + k, "sure " + k)),
                        rows(96, k -> row("sum " + k, "it is " + k)))))
                .isEmpty();
    }

    /** Runs that an earlier release prepared go on. */
    @Test
    void aFormThatAnEarlierReleaseWroteIsRead() {
        assertThat(ContractJson.read(
                        "{\"kind\":\"Prefix\",\"text\":\"ticket :\",\"rows\":5,\"of\":9,\"leads\":true}", Shape.class))
                .isEqualTo(new Shape(Shape.Kind.PREFIX, "ticket :", 5, 9));
    }
}
