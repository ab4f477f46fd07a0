package dev.safefinetune.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecChecksTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model: {uri: 'hf://a/b'}                    | URI_NOT_SERVED     | spec.model.uri is hf://a/b; this release serves pvc://claim/path only",
                "dataset: {uri: 'pvc://a/../b'}              | SPEC_INVALID       | spec.dataset.uri is pvc://a/../b; '../b' leaves the volume",
                "output: {uri: 'pvc://tickets/'}             | SPEC_INVALID       | spec.output.uri is pvc://tickets/; what is published there would replace spec.dataset.uri, which is pvc://tickets/train.jsonl",
                "method: {type: Full}\\nresources: {gpus: 2} | SPEC_INVALID       | spec.method.type is Full and spec.resources.gpus is 2; all weights are trained on one GPU",
                "safety: {protection: None}                  | EVALUATION_MISSING | spec.safety.evaluation.prompts is missing; with protection None",
                "safety: {evaluation: {maxUtilityDrop: '0'}} | SPEC_INVALID       | spec.safety.evaluation.maxUtilityDrop is 0; no suite of at most 100000 requests can show it",
            })
    void refuse(String more, Reason reason, String said) {
        assertThat(Check.all(SpecChecks.FINE_TUNE, Wishes.wish(more.replace("\\n", "\n"))))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(reason);
                    assertThat(refusal.message()).startsWith(said);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''",
                "method: {type: Full}\\nresources: {gpus: 1}",
                "method: {type: LoRA}\\nresources: {gpus: 2}",
                "safety: {protection: None, evaluation: {prompts: {uri: 'pvc://suites/a.jsonl'}}}",
                "output: {uri: 'pvc://tickets/train.jsonl.bot'}",
            })
    void letPass(String more) {
        assertThat(Check.all(SpecChecks.FINE_TUNE, Wishes.wish(more.replace("\\n", "\n"))))
                .isEmpty();
    }

    @Test
    void allThatIsWrongIsToldAndTheFirstAlone() {
        FineTuneWish wish = Wishes.wish("""
                model: {uri: hf://a/b}
                safety: {protection: None}
                """);

        List<Refusal> all = Check.all(SpecChecks.FINE_TUNE, wish);

        assertThat(all).extracting(Refusal::field).containsExactly("spec.model.uri", "spec.safety.evaluation.prompts");
        assertThat(Check.first(SpecChecks.FINE_TUNE, wish)).contains(all.getFirst());
    }

    @Test
    void aVectorIsHeldToItsPlaces() {
        SecurityVectorSpec spec = Wishes.read("""
                baseModel: {uri: pvc://models/base}
                harmfulDataset: {uri: s3://red-team/harmful.jsonl}
                benignDataset: {uri: pvc://red-team/benign.jsonl}
                storage: {uri: pvc://models/}
                """, SecurityVectorSpec.class);

        assertThat(Check.all(SpecChecks.VECTOR, spec))
                .extracting(Refusal::field)
                .containsExactly("spec.harmfulDataset.uri", "spec.storage.uri");
    }
}
