package dev.safefinetune.cluster.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A resource of ours and what became of it, as kubectl would show it. */
record Run(String namespace, String kind, String name) {
    private static final String API_VERSION = "safefinetune.dev/v1alpha1";
    private static final Duration CLEANUP = Duration.ofMinutes(2);
    private static final Set<String> ENDS = Set.of("Succeeded", "Ready", "Failed", "Rejected");

    /** All resources of a kind in a namespace. */
    static List<Run> all(String namespace, String kind) {
        return Cluster.client()
                .genericKubernetesResources(API_VERSION, kind)
                .inNamespace(namespace)
                .list()
                .getItems()
                .stream()
                .map(each -> new Run(namespace, kind, each.getMetadata().getName()))
                .toList();
    }

    Resource<GenericKubernetesResource> resource() {
        return Cluster.client()
                .genericKubernetesResources(API_VERSION, kind)
                .inNamespace(namespace)
                .withName(name);
    }

    /** The status as the API server has it; missing where there is none. */
    JsonNode status() {
        GenericKubernetesResource seen = resource().get();
        return seen == null
                ? MissingNode.getInstance()
                : Serialization.jsonMapper().<JsonNode>valueToTree(seen).path("status");
    }

    String phase() {
        return status().path("phase").asText();
    }

    boolean hasEnded() {
        return ENDS.contains(phase());
    }

    /** The condition of a type; missing where there is none. */
    JsonNode condition(String type) {
        return elements(status().path("conditions"))
                .filter(each -> each.path("type").asText().equals(type))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /** The stage of a name; missing where there is none. */
    JsonNode stage(String stage) {
        return elements(status().path("stages"))
                .filter(each -> each.path("name").asText().equals(stage))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /** Whether a condition or a stage gives this reason now. */
    boolean gives(String reason) {
        JsonNode status = status();
        return Stream.concat(elements(status.path("conditions")), elements(status.path("stages")))
                .anyMatch(each -> each.path("reason").asText().equals(reason));
    }

    /** Whether an event about the resource has this reason. */
    boolean told(String reason) {
        return eventReasons().contains(reason);
    }

    List<String> eventReasons() {
        return Cluster.client().v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> Objects.equals(event.getInvolvedObject().getName(), name)
                        && Objects.equals(event.getInvolvedObject().getKind(), kind))
                .map(event -> event.getReason())
                .toList();
    }

    /** Waits for a phase, and gives up at once when the run has ended in another. */
    Duration awaitPhase(String phase, Duration patience) {
        return await("the phase " + phase, patience, seen -> seen.phase().equals(phase));
    }

    Duration awaitReason(String reason, Duration patience) {
        return await("the reason " + reason, patience, seen -> seen.gives(reason));
    }

    /** Waits for a phase or one after it. */
    Duration awaitStage(String stage, Duration patience) {
        return await(
                "a running pod of " + stage,
                patience,
                seen -> seen.runningPod(stage).isPresent());
    }

    Duration await(String what, Duration patience, Predicate<Run> check) {
        return Until.holds(
                what + " of " + name,
                patience,
                () -> {
                    boolean ended = hasEnded();
                    if (check.test(this)) {
                        return true;
                    }
                    if (ended) {
                        throw new AssertionError("waited for %s, and %s has ended: %s".formatted(what, name, told()));
                    }
                    return false;
                },
                this::told);
    }

    private String told() {
        return status().toPrettyString() + "\nevents " + eventReasons();
    }

    List<Job> jobs() {
        return Cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabel("safefinetune.dev/resource", name)
                .withLabel("safefinetune.dev/kind", kind)
                .list()
                .getItems();
    }

    List<Pod> pods() {
        return Cluster.client()
                .pods()
                .inNamespace(namespace)
                .withLabel("safefinetune.dev/resource", name)
                .withLabel("safefinetune.dev/kind", kind)
                .list()
                .getItems();
    }

    List<Pod> pods(String stage) {
        return pods().stream()
                .filter(pod -> stage.equals(pod.getMetadata().getLabels().get("safefinetune.dev/stage")))
                .toList();
    }

    Optional<Pod> runningPod(String stage) {
        return pods(stage).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null
                        && pod.getStatus().getContainerStatuses().stream()
                                .anyMatch(container -> container.getState().getRunning() != null))
                .findFirst();
    }

    /** Sets one field of the spec, as a user's patch does. */
    void patch(String spec) {
        resource().patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
    }

    /** Deletes it as kubectl does, and waits until nothing that belonged to it is left. */
    Duration deleteAndAwait() {
        long begin = System.nanoTime();
        resource().withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
        Until.holds("nothing of " + name + " to be left", CLEANUP, () -> left().isEmpty(), () -> left().toString());
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Names of all that is there for this resource, itself included. */
    List<String> left() {
        KubernetesClient client = Cluster.client();
        List<String> left = new ArrayList<>();
        left.addAll(labelled(client.pods()));
        left.addAll(labelled(client.configMaps()));
        left.addAll(labelled(client.persistentVolumeClaims()));
        left.addAll(labelled(client.batch().v1().jobs()));
        if (resource().get() != null) {
            left.add(kind + "/" + name);
        }
        return left;
    }

    private <T extends HasMetadata, L> List<String> labelled(MixedOperation<T, L, ?> kinds) {
        return kinds.inNamespace(namespace)
                .withLabel("safefinetune.dev/resource", name)
                .withLabel("safefinetune.dev/kind", kind)
                .resources()
                .map(each ->
                        each.item().getKind() + "/" + each.item().getMetadata().getName())
                .toList();
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
