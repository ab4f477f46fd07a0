package dev.safefinetune.local.api;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.local.judge.Crds;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What an API server answers; the embedded one and a real one are both held to it. */
public abstract class ApiConformance extends ObjectConformance {
    @Test
    void aWatchSeesObjectsEnterAndLeaveItsSelection() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        var watch = client().configMaps()
                .inNamespace(namespace())
                .withLabel("value", "in")
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ConfigMap map) {
                        seen.add(action + " " + map.getMetadata().getName());
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        // Not of interest here.
                    }
                });
        client().resource(map("a", "out")).create();
        client().resource(map("a", "in")).update();
        client().resource(map("b", "in")).create();
        client().resource(map("a", "out")).update();
        client().resource(map("b", "in")).delete();
        for (String expected : List.of("ADDED a", "ADDED b", "DELETED a", "DELETED b")) {
            assertThat(seen.poll(10, SECONDS)).isEqualTo(expected);
        }
        watch.close();
    }

    @Test
    void aWatchFromTooLongAgoIsToldSo() throws Exception {
        CompletableFuture<WatcherException> closed = new CompletableFuture<>();
        client().resource(map("a", "1")).create();
        client().configMaps()
                .inNamespace(namespace())
                .watch(new ListOptionsBuilder().withResourceVersion("1").build(), new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ConfigMap map) {
                        if (action == Action.ADDED) {
                            // A young server still knows all that ever happened.
                            closed.complete(new WatcherException("young"));
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        closed.complete(cause);
                    }
                });
        WatcherException cause = closed.get(20, SECONDS);
        assertThat(cause.isHttpGone() || "young".equals(cause.getMessage())).isTrue();
    }

    @Test
    void patchesComeInThreeForms() {
        client().resource(map("a", "1")).create();
        var resource = client().configMaps().inNamespace(namespace()).withName("a");
        resource.patch(PatchContext.of(PatchType.JSON), "[{\"op\":\"add\",\"path\":\"/data/j\",\"value\":\"2\"}]");
        resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"m\":\"3\",\"k\":null}}");
        resource.patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"metadata\":{\"finalizers\":[\"example.com/a\"]}}");
        resource.patch(
                PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"metadata\":{\"finalizers\":[\"example.com/b\"]}}");
        assertThat(resource.get().getData()).isEqualTo(Map.of("j", "2", "m", "3"));
        assertThat(resource.get().getMetadata().getFinalizers())
                .containsExactlyInAnyOrder("example.com/a", "example.com/b");
        resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");
    }

    @Test
    void anApplierOwnsWhatItWishesAndTakesItBack() {
        ConfigMap wish = map("a", "1");
        wish.setData(Map.of("one", "1", "two", "2"));
        client().resource(wish).fieldManager("first").serverSideApply();
        wish.setData(Map.of("one", "1"));
        ConfigMap second = client().resource(wish).fieldManager("first").serverSideApply();
        assertThat(second.getData()).isEqualTo(Map.of("one", "1"));
        wish.setData(Map.of("one", "other"));
        Status status =
                refused(() -> client().resource(wish).fieldManager("second").serverSideApply());
        assertThat(status.getCode()).isEqualTo(409);
        assertThat(status.getMessage()).isEqualTo("Apply failed with 1 conflict: conflict with \"first\": .data.one");
        ConfigMap forced =
                client().resource(wish).fieldManager("second").forceConflicts().serverSideApply();
        assertThat(forced.getData()).isEqualTo(Map.of("one", "other"));
    }

    @Test
    void aFinalizerHoldsWhatIsDeleted() {
        ConfigMap held = map("a", "1");
        held.getMetadata().setFinalizers(List.of("example.com/hold"));
        client().resource(held).create();
        client().resource(held).delete();
        ConfigMap waiting = client().resource(held).get();
        assertThat(waiting.getMetadata().getDeletionTimestamp()).isNotBlank();
        waiting.getMetadata().setFinalizers(List.of("example.com/hold", "example.com/more"));
        assertThat(refused(() -> client().resource(waiting).update()).getMessage())
                .contains("Forbidden");
        waiting.getMetadata().setFinalizers(List.of());
        client().resource(waiting).update();
        assertThat(client().resource(held).get()).isNull();
    }

    @Test
    void secretsAreWrittenAsTextAndKeptEncoded() {
        var secret = client().resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace())
                        .withName("s")
                        .endMetadata()
                        .addToStringData("word", "abc")
                        .build())
                .create();
        assertThat(secret.getData()).isEqualTo(Map.of("word", "YWJj"));
        assertThat(secret.getStringData()).isNullOrEmpty();
        assertThat(secret.getType()).isEqualTo("Opaque");
    }

    @Test
    void aJobIsFilledInAndItsTemplateIsFixed() {
        Job job = client().resource(Serialization.unmarshal("""
                        apiVersion: batch/v1
                        kind: Job
                        metadata: {name: j}
                        spec:
                          template:
                            spec:
                              restartPolicy: Never
                              containers: [{name: main, image: scripts}]
                        """, Job.class))
                .inNamespace(namespace())
                .create();
        assertThat(job.getSpec().getBackoffLimit()).isEqualTo(6);
        assertThat(job.getSpec().getCompletions()).isEqualTo(1);
        assertThat(job.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("job-name", "j")
                .containsEntry(
                        "batch.kubernetes.io/controller-uid", job.getMetadata().getUid());
        assertThat(job.getSpec().getSelector().getMatchLabels())
                .containsEntry(
                        "batch.kubernetes.io/controller-uid", job.getMetadata().getUid());
        job.getSpec().getTemplate().getSpec().getContainers().getFirst().setImage("other");
        Status status = refused(() -> client().resource(job).update());
        assertThat(status.getCode()).isEqualTo(422);
        assertThat(status.getMessage())
                .contains("spec.template: Invalid value:")
                .contains("field is immutable");
        client().resource(job).withGracePeriod(0).delete();
    }

    @Test
    void anUnknownFieldIsPrunedOrRefusedAsAsked() {
        String text = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: u}
                dat: {k: v}
                """;
        GenericKubernetesResource map = Serialization.unmarshal(text, GenericKubernetesResource.class);
        var resource = client().genericKubernetesResources("v1", "ConfigMap")
                .inNamespace(namespace())
                .resource(map);
        Status status = refused(() ->
                resource.fieldValidation(FieldValidateable.Validation.STRICT).create());
        assertThat(status.getCode()).isEqualTo(400);
        assertThat(status.getMessage()).contains("strict decoding error: unknown field \"dat\"");
        assertThat(resource.create().getAdditionalProperties()).doesNotContainKey("dat");
    }

    @Test
    void aCustomResourceIsJudgedDefaultedAndCounted() {
        Crds.install(client());
        GenericKubernetesResource wish = fineTune("pvc://models/base");
        var kind = client().genericKubernetesResources("safefinetune.dev/v1alpha1", "SafeFineTune")
                .inNamespace(namespace());
        GenericKubernetesResource stored = kind.resource(wish).create();
        assertThat(stored.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(at(stored, "/spec/dataset/format").asText()).isEqualTo("Messages");
        assertThat(at(stored, "/status/observedGeneration").asInt()).isEqualTo(-1);

        stored.setAdditionalProperty("status", Map.of("observedGeneration", 1, "phase", "Training"));
        GenericKubernetesResource told = kind.resource(stored).updateStatus();
        assertThat(told.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(at(told, "/status/phase").asText()).isEqualTo("Training");

        told.setAdditionalProperty("status", Map.of("observedGeneration", 7));
        told.setAdditionalProperty(
                "spec", fineTune("pvc://models/other").getAdditionalProperties().get("spec"));
        GenericKubernetesResource changed = kind.resource(told).update();
        assertThat(changed.getMetadata().getGeneration()).isEqualTo(2);
        assertThat(at(changed, "/status/observedGeneration").asInt()).isEqualTo(1);

        Status status =
                refused(() -> kind.resource(fineTune("ftp://models/base")).create());
        assertThat(status.getCode()).isEqualTo(422);
        assertThat(status.getMessage()).contains("spec.model.uri: Invalid value:");
        kind.resource(changed).delete();
    }

    @Test
    void aCustomResourceTakesNoStrategicPatchAndNoUpdateWithoutAVersion() {
        Crds.install(client());
        var kind = client().genericKubernetesResources("safefinetune.dev/v1alpha1", "SafeFineTune")
                .inNamespace(namespace());
        GenericKubernetesResource stored =
                kind.resource(fineTune("pvc://models/base")).create();
        assertThat(catchThrowableOfType(
                                KubernetesClientException.class,
                                () -> kind.withName("f")
                                        .patch(
                                                PatchContext.of(PatchType.STRATEGIC_MERGE),
                                                "{\"spec\":{\"suspend\":true}}"))
                        .getCode())
                .isEqualTo(415);
        GenericKubernetesResource blind = fineTune("pvc://models/other");
        String path = "/apis/safefinetune.dev/v1alpha1/namespaces/" + namespace() + "/safefinetunes/f";
        KubernetesClientException refused =
                catchThrowableOfType(KubernetesClientException.class, () -> client().raw(path, "PUT", blind));
        assertThat(refused.getCode()).isEqualTo(422);
        kind.resource(stored).delete();
    }

    private GenericKubernetesResource fineTune(String model) {
        return Serialization.unmarshal("""
                apiVersion: safefinetune.dev/v1alpha1
                kind: SafeFineTune
                metadata: {name: f}
                spec:
                  model:   {uri: "%s"}
                  dataset: {uri: "pvc://tickets/train.jsonl"}
                  output:  {uri: "pvc://models/out"}
                """.formatted(model), GenericKubernetesResource.class);
    }

    private static JsonNode at(GenericKubernetesResource resource, String pointer) {
        return Serialization.jsonMapper().valueToTree(resource).at(pointer);
    }
}
