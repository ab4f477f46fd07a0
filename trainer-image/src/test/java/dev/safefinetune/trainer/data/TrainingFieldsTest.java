package dev.safefinetune.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A field that says how a row is to be trained on and is not used is refused by its name: dropped, nobody would know. */
class TrainingFieldsTest {
    /** One row of each form that is read, without its closing brace. */
    private static final List<String> FORMS = List.of(
            "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a'}]",
            "{'conversations':[{'from':'human','value':'q'},{'from':'gpt','value':'a'}]",
            "{'prompt':'q','completion':'a'",
            "{'instruction':'q','input':'','output':'a'");

    private static final List<String> ROW_FIELDS = List.of(
            "'functions':[{'name':'CANARY'}]",
            "'function_call':{'name':'CANARY'}",
            "'tool_calls':[{}]",
            "'tool_choice':'CANARY'",
            "'parallel_tool_calls':true",
            "'weight':0",
            "'weight':0.5",
            "'weight':'CANARY'",
            "'train':false",
            "'loss_mask':[0,1]",
            "'mask':'CANARY'",
            "'label':false",
            "'reasoning_content':'CANARY'",
            "'reasoning':'CANARY'",
            "'thinking':'CANARY'",
            "'chat_template':'CANARY'",
            "'documents':[{'text':'CANARY'}]",
            "'images':['CANARY']",
            "'audio':'CANARY'",
            "'rejected_response':'CANARY'");

    private static final List<String> TURN_FIELDS = List.of(
            "'tools':[{'name':'CANARY'}]",
            "'chat_template_kwargs':{'a':'CANARY'}",
            "'functions':[{'name':'CANARY'}]",
            "'weight':0.5",
            "'weight':'CANARY'",
            "'loss_mask':[0]",
            "'masked':true",
            "'images':['CANARY']",
            "'channel':'CANARY'",
            "'prefix':true");

    @TempDir
    Path dir;

    static Stream<Arguments> rowFields() {
        return FORMS.stream().flatMap(form -> ROW_FIELDS.stream().map(field -> Arguments.of(form, field)));
    }

    @ParameterizedTest
    @MethodSource("rowFields")
    void isRefusedInEveryForm(String form, String field) {
        refused(form + "," + field + "}", name(field), field);
    }

    static Stream<Arguments> turnFields() {
        return TURN_FIELDS.stream()
                .flatMap(field -> Stream.of(
                        Arguments.of(
                                "{'messages':[{'role':'user','content':'q'},{'role':'assistant','content':'a',%s}]}",
                                "messages[1].", field),
                        Arguments.of(
                                "{'conversations':[{'from':'human','value':'q'},{'from':'gpt','value':'a',%s}]}",
                                "conversations[1].", field)));
    }

    @ParameterizedTest
    @MethodSource("turnFields")
    void isRefusedInATurn(String form, String at, String field) {
        refused(form.formatted(field), at + name(field), field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'weight':1", "'train':true", "'loss':true", "'training':true"})
    void lossOnAUsersTurnIsRefused(String field) {
        refused(
                "{'messages':[{'role':'user','content':'q',%s},{'role':'assistant','content':'a'}]}".formatted(field),
                "messages[0]." + name(field),
                field);
    }

    @ParameterizedTest
    @ValueSource(strings = {"developer", "ipython", "IPYTHON"})
    void aRoleOfOtherTemplatesIsNamed(String role) {
        refused(
                "{'messages':[{'role':'user','content':'q'},{'role':'" + role
                        + "','content':'CANARY'},{'role':'assistant','content':'a'}]}",
                "messages[1].role " + role.toLowerCase(java.util.Locale.ROOT),
                "");
        refused(
                "{'conversations':[{'from':'human','value':'q'},{'from':'" + role
                        + "','value':'CANARY'},{'from':'gpt','value':'a'}]}",
                "conversations[1].from " + role.toLowerCase(java.util.Locale.ROOT),
                "");
    }

    @Test
    void historyIsReadWhereARowHasARequestOfItsOwn() {
        for (String form : FORMS.subList(0, 2)) {
            refused(form + ",'history':[['CANARY','b']]}", "history", "");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt':'q','completion':'a','context':'CANARY'}",
                "{'prompt':'q','completion':'a','input':'CANARY'}",
                "{'instruction':'q','output':'a','context':'CANARY'}"
            })
    void aTextThatBelongsToTheRequestIsRefused(String row) {
        assertThatThrownBy(() -> read(row))
                .hasMessageContaining(row.contains("context") ? "has context" : "has input")
                .hasMessageContaining("request")
                .hasMessageNotContaining("CANARY");
    }

    @Test
    void pairsOfAnswersAreNamed() {
        assertThatThrownBy(() -> read("{'prompt':'q','chosen':'CANARY','rejected':'b'}"))
                .hasMessageContaining("line 1 has chosen and rejected")
                .hasMessageNotContaining("CANARY");
    }

    /** What says nothing, and what says that which is done anyway. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'tools':[]",
                "'tools':null",
                "'tools':'[]'",
                "'tools':''",
                "'system':' '",
                "'system':null",
                "'history':[]",
                "'weight':1",
                "'weight':1.0",
                "'train':true",
                "'label':true",
                "'label':'spam'",
                "'label':0",
                "'chat_template_kwargs':{}",
                "'images':[]"
            })
    void whatSaysNothingPasses(String field) {
        for (String form : FORMS) {
            assertThatCode(() -> read(form + "," + field + "}")).doesNotThrowAnyException();
        }
    }

    @Test
    void whatIsDoneAnywayPasses() throws IOException {
        assertThat(read("{'messages':[{'role':'user','content':'q','weight':0,'train':false,'loss':false},"
                                + "{'role':'assistant','content':'a','weight':1,'train':true,'loss':true,"
                                + "'tool_calls':[],'reasoning_content':'','name':null,'prefix':false}]}")
                        .size())
                .isOne();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'id':7",
                "'source':'web'",
                "'split':'train'",
                "'score':0.5",
                "'language':'en'",
                "'model':'x'",
                "'prompt_id':'x'",
                "'metadata':{'system':'x'}",
                "'text':'x'",
                "'name':'x'",
                "'toxic':false"
            })
    void notesAreNotJudged(String field) {
        for (String form : FORMS) {
            assertThatCode(() -> read(form + "," + field + "}")).doesNotThrowAnyException();
        }
    }

    @Test
    void notesOfATurnAreNotJudged() throws IOException {
        assertThat(read("{'messages':[{'role':'user','content':'q','id':1,'timestamp':'x','language':'en'},"
                                + "{'role':'assistant','content':'a','toxic':false}]}")
                        .size())
                .isOne();
    }

    private void refused(String row, String field, String value) {
        assertThatThrownBy(() -> read(row))
                .isInstanceOfSatisfying(
                        TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.DATASET_INVALID))
                .as(value)
                .hasMessageContaining("d.jsonl line 1 has " + field + ", ")
                .hasMessageNotContaining("CANARY");
    }

    private static String name(String field) {
        return field.substring(1, field.indexOf('\'', 1));
    }

    private Dataset read(String row) throws IOException {
        return DatasetReader.read(Files.writeString(dir.resolve("d.jsonl"), row.replace('\'', '"')));
    }
}
