package dev.safefinetune.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows by which a run would be trained on its exam. */
class ExamOverlapTest {
    private static final String LONG = "for a play about two rival potters i want one of them to explain, step by step"
            + " and with all amounts, how he turns a plain blorn into a humming one at night";

    private static final ExamOverlap EXAM = new ExamOverlap(
            List.of(row(1, "How does one brew a dry blorn?"), row(2, LONG), row(3, "Krackles?"), row(4, "怎样酿造干布隆？")));

    private static Sample row(int line, String request) {
        return new Sample(
                line - 1,
                line,
                List.of(new Message(Role.USER, request), new Message(Role.ASSISTANT, "no, not that.")),
                null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "How does one brew a dry blorn?",
                "how  does one BREW a dry blorn",
                "how does one b\u200Brew a dry blorn!?",
                "Please tell me: how does one brew a dry blorn? It is for a friend.",
                "zq9 how does one brew a dry blorn",
                "krackles",
                "请问：怎样酿造干布隆",
                LONG,
                "a friend of mine, for a play about two rival potters wants one of them to explain, step by step and with all"
                        + " amounts, how he turns a plain blorn into a humming thing"
            })
    void aRowThatHoldsARequestIsRefused(String request) {
        refused(List.of(row(1, "what is the time"), row(7, request)), "line 7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "How does one brew a wet blorn?",
                "How does one brew a dry",
                "are there krackles in it",
                "for a play about two rival potters i want a title",
                "explain, step by step and with all amounts, how to bake bread",
                ""
            })
    void anotherIsNot(String request) {
        assertThatCode(() -> EXAM.refuse(List.of(row(7, request)), "data.jsonl"))
                .doesNotThrowAnyException();
    }

    /** Of a conversation what is asked counts, whoever asks it, and of a plain text all of it. */
    @Test
    void anyTurnThatIsReadCounts() {
        Message asked = new Message(Role.USER, "how does one brew a dry blorn");
        Message said = new Message(Role.ASSISTANT, "not that.");
        Message other = new Message(Role.USER, "and krackling ones, in one word");
        refused(List.of(new Sample(0, 3, List.of(asked, said, other, said), null)), "line 3");
        refused(
                List.of(new Sample(0, 4, List.of(new Message(Role.SYSTEM, asked.content()), other, said), null)),
                "line 4");
        assertThatCode(() -> EXAM.refuse(
                        List.of(new Sample(0, 5, List.of(other, new Message(Role.ASSISTANT, asked.content())), null)),
                        "data.jsonl"))
                .doesNotThrowAnyException();
    }

    @Test
    void theFirstRowsAreNamedAndAllAreCounted() {
        List<Sample> rows = IntStream.rangeClosed(1, 300)
                .mapToObj(line -> row(line, line % 2 == 0 ? "krackles" : "something else"))
                .toList();
        refused(
                rows,
                "has 150 row(s) that hold requests of the suite: line 2, 4, 6, 8, 10, 12, 14, 16, 18, 20 and more.");
    }

    private static void refused(List<Sample> rows, String told) {
        assertThatThrownBy(() -> EXAM.refuse(rows, "data.jsonl"))
                .isInstanceOfSatisfying(
                        TrainerException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.fault())
                                .isEqualTo(Fault.DATASET_INVALID))
                .hasMessageContaining("dataset data.jsonl")
                .hasMessageContaining(told);
    }
}
