package dev.safefinetune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that carry training meaning and are used: in all their forms, and refused where they are something else. */
class UsedFieldsTest {
    /** One row of each form that is read, without its closing brace. */
    private static final List<String> FORMS = List.of(
            "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}]",
            "{'conversations':[{'from':'human','value':'q'},{'from':'gpt','value':'a'}]",
            "{'prompt':'q','completion':'a'",
            "{'instruction':'q','input':'','output':'a'");

    @TempDir
    Path dir;

    /** Used fields of another shape than their own. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'tools':'CANARY' | has tools that is no list of tools",
                "'tools':{'CANARY':1} | has tools that is no list of tools",
                "'tools':['CANARY'] | has tools[0] that is no object",
                "'tools':[{'a':'\\ud800'}] | has tools with half a surrogate pair",
                "'chat_template_kwargs':'CANARY' | has chat_template_kwargs that is no object",
                "'chat_template_kwargs':{'messages':'CANARY'} | has chat_template_kwargs.messages, which the row itself",
                "'system':{'CANARY':1} | has system that is not text",
                "'system':'CANARY','system_prompt':'b' | has system_prompt beside another text of role system",
            })
    void aUsedFieldOfAnotherShapeIsRefused(String field, String message) {
        for (String form : FORMS) {
            assertThatThrownBy(() -> read(form + "," + field + "}"))
                    .as(form)
                    .hasMessageContaining("d.jsonl line 1 " + message)
                    .hasMessageNotContaining("CANARY");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'tool_calls':'CANARY' | has messages[1].tool_calls that is no call",
                "'tool_calls':['CANARY'] | has messages[1].tool_calls that is no call",
                "'reasoning_content':['CANARY'] | has messages[1].reasoning_content that is not text",
                "'weight':1,'train':false | has messages[1].weight and train, of which one asks for loss",
                "'weight':0 | has no answer that bears loss",
            })
    void aTurnsUsedFieldOfAnotherShapeIsRefused(String field, String message) {
        assertThatThrownBy(() -> read("{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a',"
                        + field + "}]}"))
                .hasMessageContaining("d.jsonl line 1 " + message)
                .hasMessageNotContaining("CANARY");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'messages':[{'role':'user','content':'q','tool_calls':[{}]},{'role':'assistant','content':'a'}]}"
                        + " | has messages[0].tool_calls of role user: only the assistant calls tools",
                "{'messages':[{'role':'user','content':[{'type':'image','image':'CANARY'}]},"
                        + "{'role':'assistant','content':'a'}]} | has messages[0].content[0] of another type than text",
                "{'messages':[{'role':'user','content':[{'text':'CANARY'}]},{'role':'assistant','content':'a'}]}"
                        + " | has messages[0].content[0] that is no part",
                "{'messages':[{'role':'user','content':[]},{'role':'assistant','content':'a'}]}"
                        + " | has messages[0].content that is not text",
                "{'conversations':[{'from':'function_call','value':'CANARY'}]}"
                        + " | has conversations[0].value of a function_call that is no call",
                "{'prompt':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}],"
                        + "'completion':[{'role':'user','content':'CANARY'}]} | has no answer that bears loss",
                "{'instruction':'q','output':'a','history':['CANARY']} | has history that is no list of turns, nor of pairs",
                "{'instruction':'q','output':'a','history':[['CANARY']]} | has history that is no list of turns, nor of",
                "{'system':'CANARY','messages':[{'role':'system','content':'x'},{'role':'assistant','content':'a'}]}"
                        + " | has system beside another text of role system",
                "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'',"
                        + "'reasoning_content':'CANARY'}]} | has an empty assistant turn",
            })
    void aTurnOfAnotherShapeIsRefused(String row, String message) {
        assertThatThrownBy(() -> read(row))
                .isInstanceOf(TrainerException.class)
                .hasMessageContaining("d.jsonl line 1 " + message)
                .hasMessageNotContaining("CANARY");
    }

    /** Several ways to write the same conversation. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'messages':[{'role':'system','content':'s'},{'role':'user','content':'qr'},"
                        + "{'role':'assistant','content':'a'}]}",
                "{'system':'s','messages':[{'role':'user','content':'qr'},{'role':'assistant','content':'a'}]}",
                "{'system_prompt':'s','messages':[{'role':'system','content':'s'},{'role':'user','content':'qr'},"
                        + "{'role':'assistant','content':'a'}]}",
                "{'systemPrompt':[{'type':'text','text':'s'}],'conversations':[{'role':'user','content':'qr'},"
                        + "{'role':'assistant','content':'a'}]}",
                "{'conversations':[{'from':'system','value':'s'},{'from':'human','value':'qr'},{'from':'gpt','value':'a'}]}",
                "{'messages':[{'from':'system','value':'s'},{'from':'human','value':'qr'},{'from':'gpt','value':'a'}]}",
                "{'system':'s','prompt':'qr','completion':[{'type':'text','text':'a'}]}",
                "{'prompt':[{'role':'system','content':'s'},{'role':'user','content':[{'type':'text','text':'q'},"
                        + "{'type':'text','text':'r'}]}],'completion':[{'role':'assistant','content':'a'}]}",
                "{'system':'s','instruction':'qr','input':'','output':'a','history':[]}",
                "{'messages':[{'role':'system','content':'s','weight':0},{'role':'user','content':'qr','train':false},"
                        + "{'role':'assistant','content':'a','weight':1,'tool_calls':[],'reasoning_content':null}]}",
            })
    void oneConversationInManyForms(String row) throws IOException {
        assertThat(read(row).samples().getFirst().messages())
                .containsExactly(
                        new Message(Message.Role.SYSTEM, "s"),
                        new Message(Message.Role.USER, "qr"),
                        new Message(Message.Role.ASSISTANT, "a"));
    }

    @Test
    void whatWasSaidBeforeComesFirst() throws IOException {
        List<Message> turns = read("{'system':'s','instruction':'q','output':'a','history':[['b','c'],['d','e']]}")
                .samples()
                .getFirst()
                .messages();
        assertThat(turns).extracting(Message::content).containsExactly("s", "b", "c", "d", "e", "q", "a");
        assertThat(read("{'prompt':'q','completion':'a','history':[{'role':'user','content':'b'},"
                                + "{'role':'assistant','content':'c','weight':0}]}")
                        .samples()
                        .getFirst()
                        .messages())
                .extracting(Message::isLearned)
                .containsExactly(false, false, false, true);
    }

    /** Loss is asked for by turns; of a prompt nothing is learned. */
    @Test
    void theLastAnswerThatIsLearnedIsTheAnswer() throws IOException {
        Sample sample = read("{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a'},"
                        + "{'role':'user','content':'r'},{'role':'assistant','content':'b','loss':false}]}")
                .samples()
                .getFirst();
        assertThat(sample.answer()).isEqualTo("a");
        assertThat(sample.prompt().messages()).extracting(Message::content).containsExactly("q");
        Sample conversational = read("{'prompt':[{'role':'user','content':'q'},{'role':'assistant','content':'a'},"
                        + "{'role':'user','content':'r'}],'completion':'b'}")
                .samples()
                .getFirst();
        assertThat(conversational.messages()).extracting(Message::isLearned).containsExactly(false, false, false, true);
    }

    @Test
    void toolsMayBeText() throws IOException {
        for (String form : FORMS) {
            assertThat(DatasetReader.read(Files.writeString(
                                    dir.resolve("d.jsonl"),
                                    form.replace('\'', '"') + ",\"tools\":\"[{\\\"name\\\":\\\"f\\\"}]\"}"))
                            .samples()
                            .getFirst()
                            .fields()
                            .tools()
                            .toString())
                    .isEqualTo("[{\"name\":\"f\"}]");
        }
    }

    private Dataset read(String row) throws IOException {
        return DatasetReader.read(Files.writeString(dir.resolve("d.jsonl"), row.replace('\'', '"')));
    }
}
