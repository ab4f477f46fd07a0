package dev.safefinetune.operator.world;

import dev.safefinetune.api.v1alpha1.RunSpec;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.Decision;
import dev.safefinetune.operator.decide.FineTuneDecision;
import dev.safefinetune.operator.decide.VectorDecision;
import dev.safefinetune.operator.observe.FineTuneObservation;
import dev.safefinetune.operator.observe.RunFacts;
import dev.safefinetune.operator.observe.RunReading;
import dev.safefinetune.operator.observe.VectorObservation;
import dev.safefinetune.operator.plan.PlanSettings;
import dev.safefinetune.operator.plan.PodNeeds;
import dev.safefinetune.operator.plan.RunTerms;
import dev.safefinetune.operator.plan.StageObjects;
import dev.safefinetune.operator.plan.StagePlan;
import dev.safefinetune.operator.report.FineTuneReport;
import dev.safefinetune.operator.report.Means;
import dev.safefinetune.operator.report.VectorReport;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is seen of a cluster at ten past midnight, from a folder of YAML, and what the operator makes of it.
 *
 * @param resource the SafeFineTune or SecurityVector
 * @param vectors of the namespace
 * @param policies of the cluster
 * @param jobs that exist
 * @param pods that exist
 * @param specs ConfigMaps that exist
 * @param claims volume claims that exist
 */
public record Scenario(
        HasMetadata resource,
        List<SecurityVector> vectors,
        List<SafeFineTunePolicy> policies,
        List<Job> jobs,
        List<Pod> pods,
        List<ConfigMap> specs,
        List<PersistentVolumeClaim> claims) {
    public static final Set<String> INPUTS = Set.of(
            "in-resource.yaml",
            "in-vectors.yaml",
            "in-policies.yaml",
            "in-jobs.yaml",
            "in-pods.yaml",
            "in-configmaps.yaml",
            "in-claims.yaml");

    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    private static final DecideSettings DECIDING = ShippedSettings.deciding(Duration.ofSeconds(30));
    private static final PlanSettings PLANNING =
            ShippedSettings.with("registry.test/trainer:1", null, "http://operator.test:8080", "50Gi");
    private static final Set<String> CLAIMS = Set.of("models", "tickets", "red-team", "vectors");

    /** Reads the folder. */
    public static Scenario read(Path folder) throws IOException {
        String resource = Files.readString(folder.resolve("in-resource.yaml"));
        return new Scenario(
                resource.contains("kind: SafeFineTune\n")
                        ? Serialization.unmarshal(resource, SafeFineTune.class)
                        : Serialization.unmarshal(resource, SecurityVector.class),
                documents(folder, "in-vectors.yaml", SecurityVector.class),
                documents(folder, "in-policies.yaml", SafeFineTunePolicy.class),
                documents(folder, "in-jobs.yaml", Job.class),
                documents(folder, "in-pods.yaml", Pod.class),
                documents(folder, "in-configmaps.yaml", ConfigMap.class),
                documents(folder, "in-claims.yaml", PersistentVolumeClaim.class));
    }

    /** The files that follow. */
    public Map<String, String> outputs() {
        RunFacts run = new RunReading(resource, NOW, jobs, pods, claims, job -> null)
                .facts(name -> specs.stream()
                        .filter(spec -> spec.getMetadata().getName().equals(name))
                        .findFirst()
                        .orElse(null));
        return switch (resource) {
            case SafeFineTune wish -> {
                FineTuneObservation seen = new FineTuneObservation(
                        wish, run, vectors, null, policies, Map.of("team", "a"), CLAIMS, List.of(), null);
                Decided decided = FineTuneDecision.decide(seen, DECIDING);
                SafeFineTuneStatus status = FineTuneReport.status(seen, decided, new Applied.Done(), means(wish, run));
                yield files(run, decided, status, needs(wish, wish.getSpec(), run));
            }
            case SecurityVector wish -> {
                VectorObservation seen = new VectorObservation(wish, run, CLAIMS, List.of());
                Decided decided = VectorDecision.decide(seen, DECIDING);
                SecurityVectorStatus status = VectorReport.status(seen, decided, new Applied.Done(), means(wish, run));
                yield files(run, decided, status, needs(wish, wish.getSpec(), run));
            }
            default -> throw new IllegalStateException("no scenario of " + resource.getKind());
        };
    }

    private static Means means(CustomResource<? extends RunSpec, ?> wish, RunFacts run) {
        return new Means(PLANNING.image().name(), DECIDING.gpusOf(wish.getSpec(), run));
    }

    private static PodNeeds needs(HasMetadata wish, RunSpec spec, RunFacts run) {
        return PodNeeds.of(
                spec.resources(),
                DECIDING.gpusOf(spec, run),
                null,
                PLANNING.copied()
                        .of(wish.getMetadata().getLabels(), wish.getMetadata().getAnnotations()));
    }

    private Map<String, String> files(RunFacts run, Decided decided, Object status, PodNeeds needs) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("out-status.yaml", Serialization.asYaml(status));
        if (decided.next() instanceof Decision.Begin begin) {
            StageObjects objects = new StagePlan(
                            run.identity(),
                            resource.getApiVersion(),
                            begin.task(),
                            new RunTerms(run.wish(), 2),
                            needs,
                            PLANNING)
                    .objects();
            files.put(
                    "out-created.yaml",
                    Stream.of(objects.serviceAccount(), objects.scratch(), objects.job())
                            .map(Serialization::asYaml)
                            .reduce("", String::concat));
        }
        if (!decided.leftovers().isEmpty()) {
            files.put("out-deleted.yaml", Serialization.asYaml(decided.leftovers()));
        }
        return files;
    }

    private static <T> List<T> documents(Path folder, String file, Class<T> type) throws IOException {
        Path path = folder.resolve(file);
        if (!Files.exists(path)) {
            return List.of();
        }
        List<T> documents = new ArrayList<>();
        for (String document : Files.readString(path).split("(?m)^---$")) {
            if (!document.isBlank()) {
                documents.add(Objects.requireNonNull(Serialization.unmarshal(document, type)));
            }
        }
        return documents;
    }
}
