package dev.safefinetune.cluster.upgrade;

import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.cluster.world.Team;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The objects of a namespace as they were at one moment. In the file the namespace, the uids and the times are marks,
 * because they are others wherever the objects are made again: NAMESPACE, {@code <uid of Job bot-1-train>} and
 * {@code <37 s ago>}.
 *
 * @param file YAML, owners before what they own
 */
public record RecordedPhase(Path file) {
    private static final Path RECORDINGS = Path.of("src/test/resources/recorded");
    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z");
    private static final Pattern AGO = Pattern.compile("<(-?[0-9]+) s ago>");
    /** Labels that the API server gives Jobs and their pods. */
    private static final Pattern OF_THE_JOB = Pattern.compile("(batch\\.kubernetes\\.io/)?(controller-uid|job-name)");

    /** All recordings, as RELEASE/PHASE.yaml. */
    public static List<RecordedPhase> all() throws IOException {
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(RecordedPhase::new)
                    .toList();
        }
    }

    /** Writes down what a namespace holds of a run. */
    static void record(Team team, String release, String phase) throws IOException {
        Map<String, String> marks = new LinkedHashMap<>();
        List<HasMetadata> objects = objects(team);
        objects.forEach(object -> marks.put(
                object.getMetadata().getUid(),
                "<uid of " + object.getKind() + " " + object.getMetadata().getName() + ">"));
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        StringBuilder text = new StringBuilder();
        for (HasMetadata object : objects) {
            text.append(Serialization.asYaml(bare(object)));
        }
        String marked = text.toString().replace(team.namespace(), "NAMESPACE");
        for (Map.Entry<String, String> mark : marks.entrySet()) {
            marked = marked.replace(mark.getKey(), mark.getValue());
        }
        marked = TIME.matcher(marked)
                .replaceAll(time ->
                        "<" + Duration.between(Instant.parse(time.group()), now).toSeconds() + " s ago>");
        Path file = RECORDINGS.resolve(release).resolve(phase + ".yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, marked);
    }

    private static List<HasMetadata> objects(Team team) {
        KubernetesClient client = team.client();
        String namespace = team.namespace();
        List<HasMetadata> objects = new ArrayList<>();
        objects.addAll(client.resources(SecurityVector.class)
                .inNamespace(namespace)
                .list()
                .getItems());
        objects.addAll(team.fineTunes());
        objects.addAll(client.serviceAccounts().inNamespace(namespace).list().getItems());
        objects.addAll(client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/managed-by")
                .list()
                .getItems());
        objects.addAll(client.configMaps().inNamespace(namespace).list().getItems());
        objects.addAll(team.jobs());
        objects.addAll(client.pods().inNamespace(namespace).list().getItems());
        return objects;
    }

    private static HasMetadata bare(HasMetadata object) {
        ObjectMeta metadata = object.getMetadata();
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withLabels(ownLabels(metadata))
                .withOwnerReferences(metadata.getOwnerReferences())
                .build());
        if (object instanceof Job job) {
            job.getSpec().setSelector(null);
            ObjectMeta template = job.getSpec().getTemplate().getMetadata();
            template.setLabels(ownLabels(template));
        }
        if (object instanceof Pod pod) {
            // The admission of ServiceAccounts adds it again.
            pod.getSpec().setPriority(null);
        }
        return object;
    }

    private static Map<String, String> ownLabels(ObjectMeta metadata) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (metadata.getLabels() != null) {
            metadata.getLabels().forEach((key, value) -> {
                if (!OF_THE_JOB.matcher(key).matches()) {
                    labels.put(key, value);
                }
            });
        }
        return labels;
    }

    /** Makes the objects in a team's namespace, as if they had been there all the time. */
    public void restore(Team team) throws IOException {
        Map<String, String> uids = new LinkedHashMap<>();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (String document : Files.readString(file).split("(?m)^---$")) {
            if (document.isBlank()) {
                continue;
            }
            String text = AGO.matcher(document.replace("NAMESPACE", team.namespace()))
                    .replaceAll(ago -> Matcher.quoteReplacement(
                            now.minusSeconds(Long.parseLong(ago.group(1))).toString()));
            for (Map.Entry<String, String> uid : uids.entrySet()) {
                text = text.replace(uid.getKey(), uid.getValue());
            }
            GenericKubernetesResource object = Serialization.unmarshal(text, GenericKubernetesResource.class);
            HasMetadata made = make(team.client(), object);
            uids.put(
                    "<uid of " + made.getKind() + " " + made.getMetadata().getName() + ">",
                    made.getMetadata().getUid());
        }
    }

    private static HasMetadata make(KubernetesClient client, GenericKubernetesResource object) {
        Object status = object.getAdditionalProperties().get("status");
        GenericKubernetesResource made = client.resource(object).create();
        if (status == null) {
            return made;
        }
        made.getAdditionalProperties().put("status", status);
        return client.resource(made).updateStatus();
    }

    @Override
    public String toString() {
        return RECORDINGS.relativize(file).toString();
    }
}
