package dev.safefinetune.operator.plan;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.world.Facts;
import dev.safefinetune.operator.world.ShippedSettings;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A cluster with a rule of its own and a resource in it, from {@code cases/NAME.yaml}. */
record ClusterCase(List<String> documents) {
    private static final EvaluationThresholds THRESHOLDS = new EvaluationThresholds(0.03, 0.03, 0.05, 0.08);
    private static final Inputs INPUTS = Inputs.of(Map.of(Inputs.MODEL, new Digest("sha256:" + "a".repeat(64))));

    static ClusterCase read(String name) {
        try (InputStream file =
                Objects.requireNonNull(ClusterCase.class.getResourceAsStream("/cases/" + name + ".yaml"), name)) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return new ClusterCase(List.of(text.split("(?m)^---$")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    <T extends HasMetadata> T the(Class<T> type) {
        return documents.stream()
                .filter(document -> document.contains("kind: " + type.getSimpleName() + "\n"))
                .map(document -> Serialization.unmarshal(document, type))
                .findFirst()
                .orElseThrow();
    }

    /** The Jobs of all stages of its run, each as the operator would make it. */
    List<Job> jobs(CopiedKeys copied, @Nullable Long plannedBytes) {
        SafeFineTune wish = the(SafeFineTune.class);
        SafeFineTuneSpec spec = wish.getSpec();
        FineTuneTasks tasks = new FineTuneTasks(spec, false);
        SourceSpec prompts = Objects.requireNonNull(spec.safety().evaluation().prompts());
        PlanSettings settings = ShippedSettings.with("trainer:1", null, "http://operator:8080", "50Gi", copied);
        RunIdentity run = new RunIdentity(
                wish.getMetadata().getNamespace(),
                "SafeFineTune",
                wish.getMetadata().getName(),
                "uid",
                wish.getMetadata().getName() + "-1");
        Copied metadata = settings.copied()
                .of(wish.getMetadata().getLabels(), wish.getMetadata().getAnnotations());
        List<StageTask> stages = List.of(
                tasks.prepare(new SuiteSpec(prompts, null), null, THRESHOLDS),
                tasks.train(INPUTS, null),
                tasks.evaluate(INPUTS, THRESHOLDS, run.id(), null),
                tasks.publish(INPUTS));
        return stages.stream()
                .map(task -> new StagePlan(
                                run,
                                wish.getApiVersion(),
                                task,
                                new RunTerms(Facts.WISH, 2),
                                PodNeeds.of(
                                        spec.resources(), Gpus.of(spec.resources(), 0, null), plannedBytes, metadata),
                                settings)
                        .objects()
                        .job())
                .toList();
    }

    static Container container(Job job) {
        return job.getSpec().getTemplate().getSpec().getContainers().getFirst();
    }
}
