package dev.safefinetune.operator.plan;

import dev.safefinetune.checks.Gpus;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests and limits of a stage's container. Every stage has both, because a quota, a LimitRange or a policy of the cluster
 * refuses a pod without them, or fills in limits that no training survives.
 *
 * <p>What the resource asks for comes first, then the estimate of its training, then what the installation gives.
 */
record StageResources(Stage stage, PodNeeds needs, PlanSettings settings) {
    private static final long MEBIBYTE = 1L << 20;

    /** A limit that is as low as an estimate would end what was estimated a little too low. */
    private static final int ROOM = 2;

    ResourceRequirements requirements() {
        boolean computes = Stage.ON_GPU.contains(stage);
        Allotment given = computes ? settings.compute() : settings.files();
        Map<String, Quantity> requests = new TreeMap<>(given.requests());
        Map<String, Quantity> limits = new TreeMap<>(given.limits());
        if (computes && needs.cpu() != null) {
            both(Allotment.CPU, new Quantity(needs.cpu()), requests, limits);
        }
        memory(computes, requests, limits);
        if (computes && needs.gpus().number() > 0) {
            Gpus gpus = needs.gpus();
            both(gpus.resource(), new Quantity(String.valueOf(gpus.number())), requests, limits);
        }
        return new ResourceRequirementsBuilder()
                .withRequests(requests)
                .withLimits(limits)
                .build();
    }

    private void memory(boolean computes, Map<String, Quantity> requests, Map<String, Quantity> limits) {
        String wished = needs.memory();
        if (wished != null) {
            Quantity memory = new Quantity(wished);
            limits.put(Allotment.MEMORY, memory);
            // A stage that does not train reads the model too, but holds less: it may have as much and asks for less.
            requests.put(Allotment.MEMORY, computes ? memory : smaller(requests.get(Allotment.MEMORY), memory));
            return;
        }
        Long planned = needs.plannedBytes();
        if (planned == null) {
            return;
        }
        long mebibytes = Math.ceilDiv(planned, MEBIBYTE);
        if (computes) {
            requests.merge(Allotment.MEMORY, new Quantity(mebibytes + "Mi"), StageResources::larger);
        }
        // Where the installation sets no limit there is none.
        limits.computeIfPresent(
                Allotment.MEMORY, (name, limit) -> larger(limit, new Quantity(mebibytes * ROOM + "Mi")));
    }

    private static void both(
            String resource, Quantity quantity, Map<String, Quantity> requests, Map<String, Quantity> limits) {
        requests.put(resource, quantity);
        limits.put(resource, quantity);
    }

    private static Quantity larger(Quantity one, Quantity other) {
        return Allotment.amount(one).compareTo(Allotment.amount(other)) >= 0 ? one : other;
    }

    private static Quantity smaller(@Nullable Quantity one, Quantity other) {
        return one == null || Allotment.amount(one).compareTo(Allotment.amount(other)) > 0 ? other : one;
    }
}
