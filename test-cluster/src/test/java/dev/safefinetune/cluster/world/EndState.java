package dev.safefinetune.cluster.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What is left when nothing happens any more: the statuses of the resources, their Jobs, volume claims and
 * pods, without what differs from run to run by its nature.
 */
public final class EndState {
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z");

    /** What is planned is the digest of a Job with uids in it: that it is there is checked. */
    private static final List<String> PASSING =
            List.of("resourceVersion", "managedFields", "seconds", "activeSeconds", "queuedSeconds", "planned");

    private EndState() {}

    /** By kind and name. */
    public static Map<String, JsonNode> of(Team team) {
        KubernetesClient client = team.client();
        String namespace = team.namespace();
        Map<String, JsonNode> state = new TreeMap<>();
        Stream.of(
                        List.of(team.vector()),
                        team.fineTunes(),
                        team.jobs(),
                        client.persistentVolumeClaims()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.pods().inNamespace(namespace).list().getItems())
                .flatMap(List::stream)
                .forEach(object ->
                        state.put(object.getKind() + " " + object.getMetadata().getName(), lasting(object, namespace)));
        team.jobs().forEach(job -> checkPlanned(team, job));
        return state;
    }

    /** Each Job was on record before it was made; what does other work than that is not in the statuses at all. */
    private static void checkPlanned(Team team, Job job) {
        boolean planned = Stream.concat(Stream.of(team.vector()), team.fineTunes().stream())
                .map(resource -> Serialization.unmarshal(Serialization.asJson(resource), JsonNode.class))
                .flatMap(resource ->
                        StreamSupport.stream(resource.at("/status/stages").spliterator(), false))
                .anyMatch(stage ->
                        job.getMetadata().getName().equals(stage.path("job").asText())
                                && stage.path("planned").asText().startsWith("sha256:"));
        if (!planned) {
            throw new AssertionError(job.getMetadata().getName() + " is not on record");
        }
    }

    private static JsonNode lasting(HasMetadata object, String namespace) {
        String text = Serialization.asJson(object).replace(namespace, "NAMESPACE");
        text = TIME.matcher(UID.matcher(text).replaceAll("UID")).replaceAll("TIME");
        return without(Serialization.unmarshal(text, JsonNode.class));
    }

    private static JsonNode without(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(PASSING);
        }
        node.forEach(EndState::without);
        return node;
    }
}
