package dev.safefinetune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetReaderTest {
    private static final String GOOD =
            "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}]}".replace('\'', '"');

    @TempDir
    Path dir;

    @Test
    void readsConversationsWithLineAndCategory() throws IOException {
        Dataset read = read("\n{'messages':[{'role':'system','content':'s'},{'role':'user','content':'q'},"
                + "{'role':'assistant','content':'ä ✓'}],'category':'c','extra':1}\n" + GOOD);
        assertThat(read.size()).isEqualTo(2);
        Sample first = read.samples().getFirst();
        assertThat(first.line()).isEqualTo(2);
        assertThat(first.index()).isZero();
        assertThat(first.category()).isEqualTo("c");
        assertThat(first.answer()).isEqualTo("ä ✓");
        assertThat(first.prompt().messages()).extracting(Message::role).containsExactly(Role.SYSTEM, Role.USER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'prompt':'q','completion':'a'} | q",
                "{'instruction':'q','input':'','output':'a'} | q",
                "{'instruction':'q','output':'a'} | q",
                "{'instruction':'q','input':'i','output':'a'} | 'q\n\ni'",
                "{'conversations':[{'from':'human','value':'q'},{'from':'gpt','value':'a'}]} | q",
            })
    void readsTheOtherForms(String row, String prompt) throws IOException {
        Sample sample = read(row).samples().getFirst();
        assertThat(sample.prompt().messages()).extracting(Message::content).containsExactly(prompt.replace("'", ""));
        assertThat(sample.answer()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'messages': CANARY                                                    | is not JSON",
                "['CANARY']                                                             | is not a JSON object",
                "{'messages':[],'messages':'CANARY'}                                    | names a field twice",
                "{'text':'CANARY'}                                                      | has no messages",
                "{'messages':'CANARY'}                                                  | messages that is no list",
                "{'messages':[]}                                                        | messages that is no list",
                "{'messages':['CANARY']}                                                | messages[0] that is no object",
                "{'messages':[{'role':'user','content':'CANARY'}]}                      | has no assistant turn",
                "{'messages':[{'role':'tool','content':'CANARY'}]}                      | has no assistant turn",
                "{'messages':[{'role':'narrator','content':'CANARY'}]}                  | messages[0].role that is not system, user, assistant or tool",
                "{'messages':[{'role':'user','content':['CANARY']}]}                    | messages[0].content[0] that is no part",
                "{'messages':[{'role':'user'}]}                                         | messages[0].content that is not text",
                "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':' '}]} | empty assistant turn",
                "{'messages':[{'role':'user','content':'q'},{'role':'system','content':'s'},{'role':'assistant','content':'a'}]} | system turn that is not the first",
                "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'\\ud800'}]} | half a surrogate pair",
                "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}],'category':''} | category",
                "{'prompt':'CANARY','completion':'a'}                                   | is of the form PROMPT_COMPLETION",
            })
    void namesFileAndLineAndNeverTheContent(String row, String message) {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i < 17; i++) {
            lines.append(GOOD).append('\n');
        }
        assertThatThrownBy(() -> read(lines + row))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                .hasMessageContaining("d.jsonl line 17 ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("CANARY");
    }

    @Test
    void refusesWhatIsNotUtf8() throws IOException {
        byte[] latin1 = GOOD.replace("\"a\"", "\"ä\"").getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(dir.resolve("d.jsonl"), latin1);
        assertThatThrownBy(() -> DatasetReader.read(file)).hasMessageEndingWith("line 1 is not UTF-8");
    }

    @Test
    void takesAByteOrderMarkAndWindowsLines() throws IOException {
        assertThat(read("\uFEFF" + GOOD + "\r\n" + GOOD + "\r\n").size()).isEqualTo(2);
    }

    @Test
    void refusesAnEmptyFileAMissingOneAndADirectory() {
        assertThatThrownBy(() -> read(" \n\n")).hasMessageEndingWith("d.jsonl is empty");
        assertThatThrownBy(() -> DatasetReader.read(dir.resolve("no.jsonl"))).hasMessageEndingWith("does not exist");
        assertThatThrownBy(() -> DatasetReader.read(dir)).hasMessageContaining("is a directory");
    }

    @Test
    void writesWhatItReadsBackTheSame() throws IOException {
        Dataset read =
                read("{'prompt':'line\\nbreak \\u2028 ✓','completion':'{{ a }}'}\n{'prompt':'q','completion':'a',"
                        + "'category':'c'}");
        Path again = dir.resolve("again.jsonl");
        DatasetWriter.write(again, read.samples());
        assertThat(DatasetReader.readWritten(again).samples()).isEqualTo(read.samples());
        DatasetWriter.write(again, read.samples().subList(1, 2));
        assertThat(DatasetReader.readWritten(again).samples().getFirst().index())
                .isEqualTo(1);
    }

    @Test
    void splitsTheSameWayForTheSameSeed() throws IOException {
        Dataset read = read((GOOD + "\n").repeat(100));
        Split split = Split.of(read, 10, 42);
        assertThat(split.heldOut()).hasSize(10);
        assertThat(split.train()).hasSize(90).isSortedAccordingTo((a, b) -> Integer.compare(a.index(), b.index()));
        assertThat(split).isEqualTo(Split.of(read, 10, 42)).isNotEqualTo(Split.of(read, 10, 43));
        assertThat(split.train()).doesNotContainAnyElementsOf(split.heldOut());
        assertThat(Split.of(read, 0, 42).heldOut()).isEmpty();
        assertThat(Split.of(new Dataset("d", read.samples().subList(0, 2)), 1, 42)
                        .heldOut())
                .hasSize(1);
    }

    private Dataset read(String text) throws IOException {
        Path file =
                Files.writeString(dir.resolve("d.jsonl"), text.contains("\"") ? mixed(text) : text.replace('\'', '"'));
        return DatasetReader.read(file);
    }

    private static String mixed(String text) {
        return text.replace('\'', '"');
    }
}
