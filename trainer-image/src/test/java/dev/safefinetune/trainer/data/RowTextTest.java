package dev.safefinetune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.DatasetFormat;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of plain text: read where they are asked for, and nowhere else. */
class RowTextTest {
    @TempDir
    Path dir;

    @Test
    void aTextIsReadAsItStandsAndWrittenForTheNextStage() throws IOException {
        Dataset read =
                read("{'text':' two\\nlines  ','category':7}\n\n{'text':'<s>[INST] q [/INST] a</s>','category':'x'}\n");
        assertThat(read.isText()).isTrue();
        assertThat(read.samples())
                .extracting(Sample::answer)
                .containsExactly(" two\nlines  ", "<s>[INST] q [/INST] a</s>");
        assertThat(read.samples()).extracting(Sample::isRequested).containsOnly(false);
        Path written = dir.resolve("written.jsonl");
        DatasetWriter.write(written, List.of(read.samples().get(1)));
        Sample again = DatasetReader.readWritten(written).samples().getFirst();
        assertThat(again).isEqualTo(new Sample(1, 1, read.samples().get(1).messages(), "x", TemplateFields.NONE, true));
    }

    /** Many datasets keep the text that was made of a conversation beside it; the format says which of them is read. */
    @Test
    void theFormatDecidesWhatIsReadOfARowThatHasBoth() throws IOException {
        String both =
                "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}],'text':'t','prompt':'q',"
                        + "'completion':'a','instruction':'i','output':'o','id':3,'tools':[],'system':null,'weight':1}\n";
        assertThat(read(both).samples().getFirst().answer()).isEqualTo("t");
        Dataset talk = DatasetReader.readTraining(written(both), "d.jsonl", DatasetFormat.MESSAGES);
        assertThat(talk.isText()).isFalse();
        assertThat(talk.samples().getFirst().answer()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'messages':[]} | has no text, which rows of format Text have; for conversations the format is Messages",
                "{'Text':'CANARY'} | has no text, which rows of format Text have",
                "{'text':null} | has text that is not text",
                "{'text':7} | has text that is not text",
                "{'text':['CANARY']} | has text that is not text",
                "{'text':[{'type':'text','text':'CANARY'}]} | has text that is not text",
                "{'text':' \\n'} | has an empty text",
                "{'text':'a \\ud800'} | has text with half a surrogate pair",
                "{'text':'a','tools':[{'name':'CANARY'}]} | has tools, which is for a chat template, and format Text has none",
                "{'text':'a','chat_template_kwargs':{'CANARY':1}} | has chat_template_kwargs, which is for a chat template",
                "{'text':'a','system':'CANARY'} | has system, which is for a chat template",
                "{'text':'a','systemPrompt':'CANARY'} | has systemPrompt, which is for a chat template",
                "{'text':'a','history':[['CANARY','b']]} | has history, which this release does not use",
                "{'text':'a','images':['CANARY']} | has images, which this release does not use",
                "{'text':'a','loss_mask':[0,1]} | has loss_mask, which this release does not use",
                "{'text':'a','weight':0.5} | has weight, which this release does not use",
                "{'text':'a','train':false} | has train, which this release does not use",
            })
    void whatATextCannotBeTrainedWithIsRefused(String row, String message) {
        assertRefused(() -> read(row), "d.jsonl line 1 " + message);
    }

    /** Vectors, suites and whatever else asks for answers have no use for a text. */
    @Test
    void aTextIsRefusedWhereConversationsAreRead() throws IOException {
        Path file = written("{'text':'CANARY','category':'x'}");
        List<Function<Path, Dataset>> readers = List.of(
                DatasetReader::readConversations,
                DatasetReader::read,
                f -> DatasetReader.readTraining(f, f.toString(), DatasetFormat.MESSAGES));
        for (Function<Path, Dataset> reader : readers) {
            assertRefused(
                    () -> reader.apply(file),
                    "d.jsonl line 1 has no messages, but text: plain text is read of the data that a fine-tune learns from"
                            + " alone, where its format is Text");
        }
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, String message) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                .hasMessageContaining(message)
                .hasMessageNotContaining("CANARY");
    }

    private Dataset read(String rows) throws IOException {
        return DatasetReader.readTraining(written(rows), "d.jsonl", DatasetFormat.TEXT);
    }

    private Path written(String rows) throws IOException {
        return Files.writeString(dir.resolve("d.jsonl"), rows.replace('\'', '"'));
    }
}
