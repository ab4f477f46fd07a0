package dev.safefinetune.operator.plan;

import static dev.safefinetune.operator.plan.ClusterCase.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.checks.Gpus;
import dev.safefinetune.operator.world.ShippedSettings;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clusters ask of every pod is kept by the pods of all stages; the rules as the API server holds them. */
class ClusterRulesTest {
    private static final List<String> MEASURED = List.of("cpu", "memory");

    private static List<Job> jobs(String name, @Nullable Long plannedBytes) {
        return ClusterCase.read(name).jobs(ShippedSettings.COPIED, plannedBytes);
    }

    /** A quota on requests and limits refuses a pod that leaves one of them out; one pod runs at a time. */
    @Test
    void aQuotaOnRequestsAndLimitsIsKept() {
        ResourceQuota quota = ClusterCase.read("quota").the(ResourceQuota.class);

        assertThat(jobs("quota", null)).allSatisfy(job -> {
            ResourceRequirements asked = container(job).getResources();
            quota.getSpec().getHard().forEach((name, hard) -> {
                String resource = name.replaceAll("^(requests|limits)\\.", "");
                Map<String, Quantity> named = name.startsWith("limits.") ? asked.getLimits() : asked.getRequests();
                if (MEASURED.contains(resource)) {
                    assertThat(named).as(name).containsKey(resource);
                }
                assertThat(amount(named.get(resource))).as(name).isLessThanOrEqualTo(amount(hard));
            });
        });
    }

    /** A LimitRange fills in what a container leaves out: half a GiB, with which no model is trained. */
    @ParameterizedTest
    @ValueSource(longs = {0, 300L << 20, 20L << 30})
    void nothingIsLeftForALimitRangeToFillIn(long plannedBytes) {
        LimitRange range = ClusterCase.read("limitrange").the(LimitRange.class);
        var item = range.getSpec().getLimits().getFirst();

        assertThat(jobs("limitrange", plannedBytes)).allSatisfy(job -> {
            ResourceRequirements asked = container(job).getResources();
            assertThat(asked.getLimits())
                    .containsKeys(item.getDefault().keySet().toArray(String[]::new));
            assertThat(asked.getRequests())
                    .containsKeys(item.getDefaultRequest().keySet().toArray(String[]::new));
            asked.getRequests()
                    .forEach((name, request) -> assertThat(amount(request))
                            .as(name)
                            .isLessThanOrEqualTo(amount(asked.getLimits().get(name))));
        });
    }

    /** Kyverno's require-requests-limits. */
    @Test
    void everyContainerHasRequestsAndAMemoryLimit() {
        assertThat(jobs("policy-require-requests", null))
                .flatExtracting(job -> job.getSpec().getTemplate().getSpec().getContainers())
                .hasSize(4)
                .allSatisfy(container -> {
                    assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
                    assertThat(container.getResources().getLimits()).containsKey("memory");
                });
    }

    /** Kyverno's require-labels, on a cluster whose platform lets the label through. */
    @Test
    void aLabelThatTheClusterRequiresComesFromTheResource() {
        List<Job> jobs =
                ClusterCase.read("policy-require-labels").jobs(new CopiedKeys(List.of("team"), List.of()), null);

        assertThat(jobs).hasSize(4).allSatisfy(job -> {
            for (ObjectMeta metadata : metadata(job)) {
                assertThat(metadata.getLabels())
                        .containsEntry("team", "search")
                        .containsEntry("kueue.x-k8s.io/queue-name", "team-a")
                        .containsEntry(Names.MANAGED_BY_LABEL, Names.MANAGED_BY);
            }
        });
    }

    @Test
    void onlyWhatTheInstallationAllowsIsCopied() {
        List<Job> jobs = ClusterCase.read("user-labels-annotations")
                .jobs(
                        new CopiedKeys(
                                List.of("team", "cost-center"),
                                List.of("cluster-autoscaler.kubernetes.io/", "karpenter.sh/do-not-disrupt")),
                        null);

        assertThat(jobs).hasSize(4).allSatisfy(job -> {
            for (ObjectMeta metadata : metadata(job)) {
                assertThat(metadata.getLabels())
                        .containsEntry("team", "search")
                        .containsEntry("cost-center", "4711")
                        .doesNotContainKey("sidecar.istio.io/inject");
                assertThat(metadata.getAnnotations())
                        .containsEntry("cluster-autoscaler.kubernetes.io/safe-to-evict", "false")
                        .containsEntry("karpenter.sh/do-not-disrupt", "true")
                        .doesNotContainKey("sidecar.istio.io/inject");
            }
            assertThat(job.getSpec().getTemplate().getSpec().getPriorityClassName())
                    .isEqualTo("high");
        });
    }

    /** With nothing said by the installation: Kueue's labels, and what keeps a node from being taken under a training. */
    @Test
    void kueuesLabelsAreCopiedWithoutBeingAllowed() {
        assertThat(jobs("user-labels-annotations", null)).allSatisfy(job -> {
            for (ObjectMeta metadata : metadata(job)) {
                assertThat(metadata.getLabels())
                        .containsEntry("kueue.x-k8s.io/queue-name", "team-a")
                        .doesNotContainKeys("team", "cost-center");
                assertThat(metadata.getAnnotations())
                        .containsEntry("cluster-autoscaler.kubernetes.io/safe-to-evict", "false");
            }
        });
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # stage, planned MiB, memory, requested, limit
            0, ,     ,      512Mi,   16Gi
            1, ,     ,      512Mi,   4Gi
            1, 300,  ,      512Mi,   4Gi
            1, 9000, ,      9000Mi,  18000Mi
            3, 9000, ,      512Mi,   18000Mi
            1, 9000, 10Gi,  10Gi,    10Gi
            3, 9000, 10Gi,  512Mi,   10Gi
            0, ,     300Mi, 300Mi,   300Mi
            """)
    void memoryIsWhatIsWishedThenWhatIsEstimatedThenWhatIsGiven(
            int stage, @Nullable Long planned, @Nullable String memory, String request, String limit) {
        ClusterCase quota = ClusterCase.read("limitrange");
        var spec = quota.the(dev.safefinetune.api.v1alpha1.SafeFineTune.class).getSpec();
        Gpus none = new Gpus(0, "nvidia.com/gpu", Gpus.Origin.SPEC);
        PodNeeds wished = PodNeeds.of(spec.resources(), none, planned == null ? null : planned << 20, Copied.NOTHING);
        PodNeeds needs =
                new PodNeeds(none, null, memory, wished.plannedBytes(), Map.of(), List.of(), null, Copied.NOTHING);
        ResourceRequirements asked = new StageResources(
                        dev.safefinetune.contract.Stage.FINE_TUNE.get(stage),
                        needs,
                        ShippedSettings.with("trainer:1", null, "http://operator:8080", "50Gi"))
                .requirements();

        assertThat(asked.getRequests().get("memory")).isEqualTo(new Quantity(request));
        assertThat(asked.getLimits().get("memory")).isEqualTo(new Quantity(limit));
    }

    private static List<ObjectMeta> metadata(Job job) {
        return List.of(job.getMetadata(), job.getSpec().getTemplate().getMetadata());
    }

    private static java.math.BigDecimal amount(@Nullable Quantity quantity) {
        return quantity == null ? java.math.BigDecimal.ZERO : quantity.getNumericalAmount();
    }
}
