package dev.safefinetune.operator.plan;

import dev.safefinetune.api.v1alpha1.PlacementSpec;
import dev.safefinetune.api.v1alpha1.ResourcesSpec;
import dev.safefinetune.api.v1alpha1.TaintEffect;
import dev.safefinetune.api.v1alpha1.TolerationOperator;
import dev.safefinetune.api.v1alpha1.TolerationSpec;
import dev.safefinetune.checks.Gpus;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stage's pod asks of the cluster.
 *
 * @param gpus that it holds if its stage computes
 * @param cpu request and limit, as a quantity; absent: the installation's
 * @param memory request and limit, as a quantity; absent: the estimate, and what the installation gives
 * @param plannedBytes the prepare stage's estimate of training; absent: there is none
 * @param nodeSelector labels of the nodes it may run on
 * @param tolerations taints that it tolerates
 * @param priorityClassName for scheduling
 * @param copied what of the resource's metadata Jobs and pods get
 */
public record PodNeeds(
        Gpus gpus,
        @Nullable String cpu,
        @Nullable String memory,
        @Nullable Long plannedBytes,
        Map<String, String> nodeSelector,
        List<Toleration> tolerations,
        @Nullable String priorityClassName,
        Copied copied) {
    public PodNeeds {
        nodeSelector = Map.copyOf(nodeSelector);
        tolerations = List.copyOf(tolerations);
    }

    /** As the user wishes, with the GPUs of the run. */
    public static PodNeeds of(ResourcesSpec resources, Gpus gpus, @Nullable Long plannedBytes, Copied copied) {
        PlacementSpec placement = resources.template();
        List<TolerationSpec> tolerations = placement.tolerations();
        Map<String, String> nodeSelector = placement.nodeSelector();
        return new PodNeeds(
                gpus,
                resources.cpu(),
                resources.memory(),
                plannedBytes == null || plannedBytes <= 0 ? null : plannedBytes,
                nodeSelector == null ? Map.of() : nodeSelector,
                tolerations == null
                        ? List.of()
                        : tolerations.stream().map(PodNeeds::toleration).toList(),
                placement.priorityClassName(),
                copied);
    }

    private static Toleration toleration(TolerationSpec from) {
        TolerationOperator operator = from.operator();
        TaintEffect effect = from.effect();
        return new TolerationBuilder()
                .withKey(from.key())
                .withOperator(
                        operator == null
                                ? null
                                : switch (operator) {
                                    case EQUAL -> "Equal";
                                    case EXISTS -> "Exists";
                                })
                .withValue(from.value())
                .withEffect(
                        effect == null
                                ? null
                                : switch (effect) {
                                    case NO_SCHEDULE -> "NoSchedule";
                                    case PREFER_NO_SCHEDULE -> "PreferNoSchedule";
                                    case NO_EXECUTE -> "NoExecute";
                                })
                .withTolerationSeconds(from.tolerationSeconds())
                .build();
    }
}
