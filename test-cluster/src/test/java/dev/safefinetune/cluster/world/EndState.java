package dev.safefinetune.cluster.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is left when nothing happens any more: the statuses of the resources, their Jobs, job specs, volume claims and
 * pods, without what differs from run to run by its nature.
 */
public final class EndState {
    private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z");
    private static final String JOB_SPEC_DIGEST = "safefinetune.dev/job-spec-digest";

    /** The digest is one of a text with uids in it: it is held against that text, which is compared. */
    private static final List<String> PASSING =
            List.of("resourceVersion", "managedFields", "seconds", "activeSeconds", "queuedSeconds", JOB_SPEC_DIGEST);

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
                        client.configMaps().inNamespace(namespace).list().getItems(),
                        client.persistentVolumeClaims()
                                .inNamespace(namespace)
                                .list()
                                .getItems(),
                        client.pods().inNamespace(namespace).list().getItems())
                .flatMap(List::stream)
                .forEach(object ->
                        state.put(object.getKind() + " " + object.getMetadata().getName(), lasting(object, namespace)));
        team.jobs().forEach(job -> checkDigest(client, job));
        return state;
    }

    private static void checkDigest(KubernetesClient client, Job job) {
        String stated =
                job.getSpec().getTemplate().getMetadata().getAnnotations().get(JOB_SPEC_DIGEST);
        String text = String.valueOf(client.configMaps()
                .inNamespace(job.getMetadata().getNamespace())
                .withName(job.getMetadata().getName())
                .require()
                .getData()
                .get("job.json"));
        if (!sha256(text).equals(stated)) {
            throw new AssertionError(job.getMetadata().getName() + " states a digest that its job spec does not have");
        }
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
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
