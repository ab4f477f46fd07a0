package dev.safefinetune.operator.plan;

import dev.safefinetune.api.v1alpha1.PlacementSpec;
import dev.safefinetune.api.v1alpha1.ResourcesSpec;
import dev.safefinetune.api.v1alpha1.TaintEffect;
import dev.safefinetune.api.v1alpha1.TolerationOperator;
import dev.safefinetune.api.v1alpha1.TolerationSpec;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stage's pod asks of the cluster.
 *
 * @param gpus GPUs, 0 for none
 * @param gpuResource the name under which the cluster counts them
 * @param memory request and limit, as a quantity; absent: none
 * @param memoryRequest request alone, from the prepare stage's estimate; absent: none
 * @param nodeSelector labels of the nodes it may run on
 * @param tolerations taints that it tolerates
 * @param priorityClassName for scheduling
 */
public record PodNeeds(
        int gpus,
        String gpuResource,
        @Nullable String memory,
        @Nullable String memoryRequest,
        Map<String, String> nodeSelector,
        List<Toleration> tolerations,
        @Nullable String priorityClassName) {
    private static final long MEBIBYTE = 1L << 20;

    public PodNeeds {
        nodeSelector = Map.copyOf(nodeSelector);
        tolerations = List.copyOf(tolerations);
    }

    /** As the user wishes; where no memory is given, the prepare stage's estimate is requested. */
    public static PodNeeds of(ResourcesSpec resources, @Nullable Long plannedBytes) {
        PlacementSpec placement = resources.template();
        List<TolerationSpec> tolerations = placement.tolerations();
        Map<String, String> nodeSelector = placement.nodeSelector();
        return new PodNeeds(
                resources.gpus(),
                resources.gpuResource(),
                resources.memory(),
                plannedBytes == null || plannedBytes <= 0 ? null : Math.ceilDiv(plannedBytes, MEBIBYTE) + "Mi",
                nodeSelector == null ? Map.of() : nodeSelector,
                tolerations == null
                        ? List.of()
                        : tolerations.stream().map(PodNeeds::toleration).toList(),
                placement.priorityClassName());
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
