package dev.safefinetune.operator.plan;

import dev.safefinetune.api.v1alpha1.TrainingStatus;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageTask;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.Map;
import java.util.TreeMap;

/**
 * Plans the objects of one stage.
 *
 * @param run which run
 * @param apiVersion of the resource that owns the run
 * @param task what the stage is to do
 * @param terms what the run is made for, and how it is carried out
 * @param needs what its pod asks of the cluster
 * @param settings of the installation
 */
public record StagePlan(
        RunIdentity run, String apiVersion, StageTask task, RunTerms terms, PodNeeds needs, PlanSettings settings) {

    /** The objects. */
    public StageObjects objects() {
        return new StageObjects(serviceAccount(), scratch(), job());
    }

    private Stage stage() {
        return task.stage();
    }

    private JobSpec jobSpec() {
        JobSpec.ProgressTarget progress = settings.progressUrl() == null
                ? null
                : new JobSpec.ProgressTarget(
                        ProgressPath.url(settings.progressUrl(), run),
                        Layout.TOKEN_DIRECTORY + "/" + Layout.TOKEN_FILE,
                        settings.progressAuthorities(),
                        settings.progressEverySeconds(),
                        settings.signs() && stage() == Stage.PUBLISH ? Boolean.TRUE : null);
        Integer gpus = needs.gpus().computes(stage()) ? needs.gpus().number() : null;
        return new JobSpec(JobSpec.VERSION, run, task, progress, gpus);
    }

    private ServiceAccount serviceAccount() {
        return new ServiceAccountBuilder()
                .withNewMetadata()
                .withNamespace(run.namespace())
                .withName(Names.serviceAccount(stage()))
                .withLabels(Map.of(Names.MANAGED_BY_LABEL, Names.MANAGED_BY))
                .endMetadata()
                .withAutomountServiceAccountToken(false)
                .build();
    }

    private PersistentVolumeClaim scratch() {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(metadata(Names.scratch(run), Names.labels(run)))
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(settings.scratchStorageClass())
                .withNewResources()
                .addToRequests("storage", new Quantity(settings.scratchSize()))
                .endResources()
                .endSpec()
                .build();
    }

    private Job job() {
        return new JobBuilder()
                .withMetadata(new ObjectMetaBuilder(metadata(
                                Names.stage(run.id(), stage()), needs.copied().labelsWith(stageLabels())))
                        .withAnnotations(needs.copied().annotationsWith(Map.of(Names.WISH_ANNOTATION, terms.wish())))
                        .build())
                .withNewSpec()
                .withCompletions(1)
                .withParallelism(1)
                .withBackoffLimit(terms.maxRetries())
                .withPodFailurePolicy(FailurePolicy.of(stage()))
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(needs.copied().labelsWith(stageLabels()))
                .withAnnotations(needs.copied().annotationsWith(podAnnotations()))
                .endMetadata()
                .withSpec(new TrainerPod(run, task, needs, settings).spec())
                .endTemplate()
                .endSpec()
                .build();
    }

    private Map<String, String> podAnnotations() {
        Map<String, String> annotations =
                new TreeMap<>(Map.of(Names.JOB_SPEC_ANNOTATION, ContractJson.write(jobSpec())));
        Precision precision = task.precision();
        if (precision != null && precision != Precision.FLOAT32) {
            annotations.put(Names.PRECISION_ANNOTATION, TrainingStatus.name(precision));
        }
        return annotations;
    }

    private Map<String, String> stageLabels() {
        Map<String, String> labels = new TreeMap<>(Names.labels(run));
        labels.put(Names.STAGE_LABEL, stage().text());
        return labels;
    }

    private ObjectMeta metadata(String name, Map<String, String> labels) {
        return new ObjectMetaBuilder()
                .withNamespace(run.namespace())
                .withName(name)
                .withLabels(labels)
                .withOwnerReferences(owner())
                .build();
    }

    private OwnerReference owner() {
        return new OwnerReferenceBuilder()
                .withApiVersion(apiVersion)
                .withKind(run.kind())
                .withName(run.name())
                .withUid(run.uid())
                .withController(true)
                .withBlockOwnerDeletion(false)
                .build();
    }
}
