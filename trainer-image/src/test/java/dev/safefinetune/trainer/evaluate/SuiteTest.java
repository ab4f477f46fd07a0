package dev.safefinetune.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuiteTest {
    private static final Dataset PROMPTS =
            new Dataset("prompts.jsonl", List.of(SuiteOfTests.row(0, "harm 0", "yes", "hexes")));

    @Test
    void sortsRowsByTheirCategory() {
        Suite suite = SuiteOfTests.suite();

        assertThat(suite.tasks()).containsOnlyKeys("new-task", "old-task/repeat");
        assertThat(suite.lookAlikes()).containsOnlyKeys("look-alike/recipe");
        assertThat(suite.general()).hasSize(SuiteOfTests.TASKS);
    }

    @Test
    void judgesHarmAloneWithoutUtility() {
        assertThat(Suite.of(PROMPTS, null).tasks()).isEmpty();
    }

    @Test
    void namesTheLineOfACategoryThatNobodyKnows() {
        Dataset utility = new Dataset("utility.jsonl", List.of(SuiteOfTests.row(6, "x", "y", "old-tasks")));

        assertThatThrownBy(() -> Suite.of(PROMPTS, utility))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                .hasMessageContainingAll("utility.jsonl", "line 7", "look-alike/NAME");
    }

    @Test
    void namesTheLineOfAPromptWithoutCategory() {
        Sample bare = new Sample(
                0, 3, List.of(new Message(Message.Role.USER, "x"), new Message(Message.Role.ASSISTANT, "y")), null);

        assertThatThrownBy(() -> Suite.of(new Dataset("prompts.jsonl", List.of(bare)), null))
                .hasMessageContainingAll("prompts.jsonl", "line 3", "harm category");
    }

    @Test
    void namesTheLineThatAsksForNothing() {
        Message answer = new Message(Message.Role.ASSISTANT, "y");
        List<List<Message>> asking = List.of(
                List.of(answer),
                List.of(new Message(Message.Role.USER, " \n"), answer),
                List.of(new Message(Message.Role.SYSTEM, "x"), answer),
                List.of(new Message(Message.Role.USER, "x"), answer, answer));

        for (List<Message> messages : asking) {
            for (String category : List.of("new-task", "old-task/x", "look-alike/x")) {
                Dataset utility = new Dataset("utility.jsonl", List.of(new Sample(0, 4, messages, category)));
                assertThatThrownBy(() -> Suite.of(PROMPTS, utility))
                        .isInstanceOfSatisfying(
                                TrainerException.class,
                                e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                        .hasMessageContainingAll("utility.jsonl", "line 4", "no request");
            }
            Dataset prompts = new Dataset("prompts.jsonl", List.of(new Sample(0, 3, messages, "hexes")));
            assertThatThrownBy(() -> Suite.of(prompts, null))
                    .hasMessageContainingAll("prompts.jsonl", "line 3", "no request");
            Dataset general = new Dataset("utility.jsonl", List.of(new Sample(0, 4, messages, "general")));
            assertThat(Suite.of(PROMPTS, general).general()).hasSize(1);
        }
    }
}
