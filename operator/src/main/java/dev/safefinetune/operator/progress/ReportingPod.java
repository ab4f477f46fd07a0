package dev.safefinetune.operator.progress;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.observe.Recorded;
import dev.safefinetune.operator.plan.JobDigest;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a token belongs to the pod of a run's own Job. Signature and audience alone would let any pod of the namespace
 * speak for the run, so the pod that the token is bound to is looked up and its owners are followed.
 */
final class ReportingPod {
    private static final String POD_NAME = "authentication.kubernetes.io/pod-name";
    private static final String POD_UID = "authentication.kubernetes.io/pod-uid";

    private final KubernetesClient client;

    ReportingPod(KubernetesClient client) {
        this.client = client;
    }

    /** The stage that the token's pod works at; none when the token is not one of the run's pods. */
    Optional<Stage> stage(String token, HasMetadata resource, String run) {
        return job(token, resource, run).flatMap(ReportingPod::stageOf);
    }

    /** What the token's pod was told to do; none when the token is not one of the run's pods. */
    Optional<StageTask> task(String token, HasMetadata resource, String run) {
        return job(token, resource, run)
                .map(job -> job.getSpec().getTemplate().getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Names.JOB_SPEC_ANNOTATION))
                .map(text -> ContractJson.read(text, JobSpec.class).task());
    }

    private Optional<Job> job(String token, HasMetadata resource, String run) {
        String audience = Names.audience(resource.getMetadata().getUid());
        TokenReviewStatus review = review(token, audience);
        if (review == null
                || !Boolean.TRUE.equals(review.getAuthenticated())
                || review.getUser() == null
                || !review.getAudiences().contains(audience)) {
            return Optional.empty();
        }
        String podName = only(review.getUser().getExtra(), POD_NAME);
        String podUid = only(review.getUser().getExtra(), POD_UID);
        if (podName == null || podUid == null) {
            return Optional.empty();
        }
        String namespace = resource.getMetadata().getNamespace();
        Pod pod = client.pods().inNamespace(namespace).withName(podName).get();
        if (pod == null || !podUid.equals(pod.getMetadata().getUid())) {
            return Optional.empty();
        }
        String user = review.getUser().getUsername();
        return job(pod, resource, run)
                .filter(job -> stageOf(job)
                        .filter(stage -> isOnRecord(job, stage, resource, run))
                        .filter(stage ->
                                user.equals("system:serviceaccount:" + namespace + ":" + Names.serviceAccount(stage)))
                        .isPresent());
    }

    private @Nullable TokenReviewStatus review(String token, String audience) {
        TokenReview review = client.resource(new TokenReviewBuilder()
                        .withNewSpec()
                        .withToken(token)
                        .withAudiences(audience)
                        .endSpec()
                        .build())
                .create();
        return review.getStatus();
    }

    /** The Job that controls the pod, if it is of the run and the resource controls it. */
    private Optional<Job> job(Pod pod, HasMetadata resource, String run) {
        Optional<OwnerReference> controller = controller(pod);
        if (controller.isEmpty()) {
            return Optional.empty();
        }
        Job job = client.batch()
                .v1()
                .jobs()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(controller.get().getName())
                .get();
        boolean ours = job != null
                && job.getMetadata().getUid().equals(controller.get().getUid())
                && controller(job)
                        .filter(owner ->
                                owner.getUid().equals(resource.getMetadata().getUid()))
                        .isPresent()
                && run.equals(job.getMetadata().getLabels().get(Names.RUN_LABEL));
        return ours ? Optional.of(job) : Optional.empty();
    }

    /** Whoever may make Jobs can give one the run's labels and owner, and have its pod speak, or ask for a signature. */
    private static boolean isOnRecord(Job job, Stage stage, HasMetadata resource, String run) {
        return Recorded.of(resource)
                .ofRun(run)
                .isOurs(stage, job.getMetadata().getName(), JobDigest.of(job).value());
    }

    private static Optional<Stage> stageOf(Job job) {
        String text = job.getMetadata().getLabels().get(Names.STAGE_LABEL);
        return Arrays.stream(Stage.values()).filter(s -> s.text().equals(text)).findFirst();
    }

    private static Optional<OwnerReference> controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }

    private static @Nullable String only(@Nullable Map<String, List<String>> extra, String key) {
        List<String> values = extra == null ? null : extra.get(key);
        return values == null || values.size() != 1 ? null : values.getFirst();
    }
}
