package dev.safefinetune.local.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class ManifestJudgeTest {
    private static ManifestJudge judge(String schema) {
        return ManifestJudge.of(ManifestCase.json("""
                metadata: {name: things.example.dev}
                spec:
                  versions:
                  - name: v1
                    storage: true
                    schema:
                      openAPIV3Schema:
                        type: object
                        properties:
                          spec:
                """ + schema.indent(12)));
    }

    private static JsonNode thing(String spec) {
        return ManifestCase.json("{metadata: {name: a}, spec: " + spec + "}");
    }

    @Test
    void objectDefaultIsFilledByItsFieldsDefaults() {
        ManifestJudge judge = judge("""
                type: object
                default: {}
                properties:
                  inner: {type: object, default: {}, properties: {a: {type: integer, default: 3}}}
                """);
        Judgement judgement = judge.judge(ManifestCase.json("{metadata: {name: a}}"));
        assertThat(judgement.object().path("spec")).hasToString("{\"inner\":{\"a\":3}}");
    }

    @Test
    void unknownFieldsAreDroppedAndNamed() {
        ManifestJudge judge = judge("{type: object, properties: {a: {type: integer}}}");
        Judgement judgement = judge.judge(thing("{a: 1, b: {c: 2}}"));
        assertThat(judgement.errors()).isEmpty();
        assertThat(judgement.unknownFields()).extracting(Finding::field).containsExactly("spec.b");
        assertThat(judgement.object().path("spec")).hasToString("{\"a\":1}");
        assertThat(judgement.isAccepted()).isFalse();
    }

    @Test
    void openObjectsKeepUnknownFields() {
        ManifestJudge judge = judge("{type: object, x-kubernetes-preserve-unknown-fields: true}");
        Judgement judgement = judge.judge(thing("{anything: [1, {b: 2}]}"));
        assertThat(judgement.isAccepted()).isTrue();
        assertThat(judgement.object().at("/spec/anything/1/b").asInt()).isEqualTo(2);
    }

    @Test
    void ruleOnChangesIsHeldOnlyOnChanges() {
        ManifestJudge judge = judge("""
                type: object
                properties:
                  a:
                    type: integer
                    x-kubernetes-validations: [{rule: self >= oldSelf, message: a may only grow}]
                """);
        assertThat(judge.judge(thing("{a: 1}")).isAccepted()).isTrue();
        assertThat(judge.judge(thing("{a: 2}"), thing("{a: 1}")).isAccepted()).isTrue();
        assertThat(judge.judge(thing("{a: 0}"), thing("{a: 1}")).errors())
                .extracting(Finding::text)
                .containsExactly("spec.a: Invalid value: 0: a may only grow");
    }

    @Test
    void ruleThatCannotBeEvaluatedRefuses() {
        ManifestJudge judge = judge("""
                type: object
                properties: {a: {type: integer}}
                x-kubernetes-validations: [{rule: self.a > 0, message: a must be above 0}]
                """);
        assertThat(judge.judge(thing("{}")).errors())
                .extracting(Finding::message)
                .singleElement()
                .asString()
                .contains("evaluating rule: a must be above 0");
    }

    @Test
    void mapListRefusesTheSameKeyTwice() {
        ManifestJudge judge = judge("""
                type: object
                properties:
                  list:
                    type: array
                    x-kubernetes-list-type: map
                    x-kubernetes-list-map-keys: [name]
                    items: {type: object, properties: {name: {type: string}, v: {type: integer}}}
                """);
        assertThat(judge.judge(thing("{list: [{name: a}, {name: b}]}")).isAccepted())
                .isTrue();
        assertThat(judge.judge(thing("{list: [{name: a, v: 1}, {name: a, v: 2}]}"))
                        .errors())
                .extracting(Finding::field)
                .containsExactly("spec.list[1]");
    }

    @Test
    void thoroughJudgementFindsWhatAMissingFieldHides() {
        ManifestJudge judge = judge("""
                type: object
                required: [b]
                properties:
                  a: {type: integer, x-kubernetes-validations: [{rule: self > 0, message: a must be above 0}]}
                  b: {type: integer}
                """);
        JsonNode wrong = thing("{a: 0}");
        assertThat(judge.judge(wrong).errors()).extracting(Finding::field).containsExactly("spec.b");
        assertThat(judge.judgeThoroughly(wrong).errors())
                .extracting(Finding::field)
                .containsExactly("spec.b", "spec.a");
    }

    @Test
    void crdWithARuleThatDoesNotCompileIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> judge("""
                        type: object
                        x-kubernetes-validations: [{rule: self.nonsense(, message: no}]
                        """))
                .withMessageContaining("rule does not compile: self.nonsense(");
    }

    @Test
    void crdThatStoresNoVersionIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ManifestJudge.of(ManifestCase.json("metadata: {name: things.example.dev}")))
                .withMessageContaining("things.example.dev");
    }
}
