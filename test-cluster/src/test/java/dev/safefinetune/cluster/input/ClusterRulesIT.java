package dev.safefinetune.cluster.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.RunningOperator;
import dev.safefinetune.cluster.world.DefaultServiceAccount;
import dev.safefinetune.cluster.world.ScriptedJobs;
import dev.safefinetune.cluster.world.Team;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs in namespaces whose quota, LimitRange or admission policy refuses a pod that says too little of itself. */
class ClusterRulesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    @RegisterExtension
    static final RunningOperator OPERATOR = new RunningOperator(Map.of(
            "SAFE_FINE_TUNE_TRAINER_COPIED_LABELS", "team", "SAFE_FINE_TUNE_TRAINER_CUDA_IMAGE", "trainer:test-cuda"));

    @ParameterizedTest
    @CsvSource(textBlock = """
            quota,                   quota,      must specify
            policy-require-requests, requests,   resource requests and memory limits are required
            policy-require-labels,   labelled,   the label team is required
            limitrange,              limitrange, ''
            """)
    void aRunComesToItsEndWhereABarePodDoesNotStart(String name, String namespace, String refusal) throws Exception {
        apply(name);
        DefaultServiceAccount.make(SERVER.client(), namespace);
        if (!refusal.isEmpty()) {
            // A policy holds from some moment after it was made.
            await(() -> isRefused(namespace, refusal));
        }
        Team team = new Team(SERVER.client(), namespace);
        try (ScriptedJobs jobs = ScriptedJobs.good(team)) {
            await(() -> team.fineTune().getStatus().phase() == FineTunePhase.SUCCEEDED);
        }

        List<Pod> pods = SERVER.client().pods().inNamespace(namespace).list().getItems();
        assertThat(pods).hasSize(4).allSatisfy(pod -> {
            var asked = pod.getSpec().getContainers().getFirst().getResources();
            assertThat(asked.getLimits().get("memory"))
                    .as("what the LimitRange would have filled in")
                    .isNotEqualTo(new Quantity("512Mi"));
        });
        assertThat(team.jobs()).hasSize(4);
    }

    private static void apply(String name) throws Exception {
        try (InputStream file =
                Objects.requireNonNull(ClusterRulesIT.class.getResourceAsStream("/cases/" + name + ".yaml"), name)) {
            List<HasMetadata> objects = SERVER.client().load(file).items();
            // The resource comes last: its run is to meet the rule at its first pod.
            objects.stream()
                    .filter(object -> !object.getKind().equals("SafeFineTune"))
                    .forEach(object -> SERVER.client().resource(object).create());
            objects.stream()
                    .filter(ResourceQuota.class::isInstance)
                    .map(ResourceQuota.class::cast)
                    .forEach(ClusterRulesIT::count);
            objects.stream()
                    .filter(object -> object.getKind().equals("SafeFineTune"))
                    .forEach(object -> SERVER.client().resource(object).create());
        }
    }

    /** Stands in for the quota controller, which counts what a namespace uses; without a count no quota is held. */
    private static void count(ResourceQuota quota) {
        Map<String, Quantity> used = new TreeMap<>();
        quota.getSpec().getHard().keySet().forEach(name -> used.put(name, new Quantity("0")));
        SERVER.client()
                .resourceQuotas()
                .inNamespace(quota.getMetadata().getNamespace())
                .withName(quota.getMetadata().getName())
                .editStatus(there -> {
                    there.setStatus(new ResourceQuotaStatusBuilder()
                            .withHard(quota.getSpec().getHard())
                            .withUsed(used)
                            .build());
                    return there;
                });
    }

    private static boolean isRefused(String namespace, String refusal) {
        Pod bare = new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("bare")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("bare")
                .withImage("bare")
                .endContainer()
                .endSpec()
                .build();
        try {
            SERVER.client().resource(bare).create();
        } catch (KubernetesClientException e) {
            return String.valueOf(e.getMessage()).contains(refusal);
        }
        SERVER.client().resource(bare).withGracePeriod(0).delete();
        return false;
    }

    private static void await(BooleanSupplier check) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as(() -> "still waiting: "
                            + SERVER.client()
                                    .resources(SafeFineTune.class)
                                    .inAnyNamespace()
                                    .list()
                                    .getItems())
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
