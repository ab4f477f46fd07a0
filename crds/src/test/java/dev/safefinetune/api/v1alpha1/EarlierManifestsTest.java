package dev.safefinetune.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

/** A field that a release takes away may stand on a resource that an earlier one has stored: it is read all the same. */
class EarlierManifestsTest {
    private final KubernetesSerialization serialization = new KubernetesSerialization();

    @Test
    void aRunWithSecretsThatNothingReadIsReadWithoutThem() {
        SafeFineTune run = serialization.unmarshal("""
                apiVersion: safefinetune.dev/v1alpha1
                kind: SafeFineTune
                metadata: {name: bot, namespace: team-a}
                spec:
                  model:   {uri: pvc://models/base, secretRef: {name: a}}
                  dataset: {uri: pvc://tickets/train.jsonl, secretRef: {name: b}}
                  output:  {uri: pvc://models/bot, secretRef: {name: c}}
                """, SafeFineTune.class);
        assertThat(run.getSpec().model()).isEqualTo(new SourceSpec("pvc://models/base"));
        assertThat(run.getSpec().dataset().uri()).isEqualTo("pvc://tickets/train.jsonl");
        assertThat(serialization.asYaml(run)).contains("pvc://models/bot").doesNotContain("secretRef");
    }

    @Test
    void aVectorKeepsTheSecretOfItsHarmfulSamplesAlone() {
        SecurityVector vector = serialization.unmarshal("""
                apiVersion: safefinetune.dev/v1alpha1
                kind: SecurityVector
                metadata: {name: base, namespace: team-a}
                spec:
                  baseModel:      {uri: pvc://models/base, secretRef: {name: a}}
                  harmfulDataset: {secretRef: {name: harmful, key: samples.jsonl}}
                  benignDataset:  {uri: pvc://private/benign.jsonl}
                  storage:        {uri: pvc://vectors/base, secretRef: {name: b}}
                """, SecurityVector.class);
        assertThat(vector.getSpec().harmfulDataset().secretRef())
                .isEqualTo(new SecretKeyRef("harmful", "samples.jsonl"));
        assertThat(vector.getSpec().storage()).isEqualTo(new StorageSpec("pvc://vectors/base"));
    }
}
