package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The one node of the cluster, and its scheduler: takes every pod and runs it. */
final class PodRunner implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PodRunner.class.getName());
    private static final String NODE = "local";
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

    /** Room for a checkpoint; longer, nobody waits for a cluster that was told to stop. */
    private static final Duration LAST_GRACE = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final Images images;
    private final Path pods;
    private final PodStatusWriter status;
    private final Volumes volumes;
    private final Environment environment;
    private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
    private final Set<String> stopping = ConcurrentHashMap.newKeySet();
    private final ExecutorService farewells = Executors.newVirtualThreadPerTaskExecutor();
    private final WorkQueue queue = new WorkQueue("pods", this::reconcile);
    private final SharedIndexInformer<Pod> informer;

    PodRunner(KubernetesClient client, Images images, Path pods, PeakMemory peaks) {
        this.client = client;
        this.images = images;
        this.pods = pods;
        status = new PodStatusWriter(client, peaks);
        volumes = new Volumes(client);
        environment = new Environment(client);
        // Before anything new starts: what ran in an earlier life of this cluster has ended with it.
        client.pods().inAnyNamespace().list().getItems().stream()
                .filter(p -> !isEnded(p) && p.getStatus().getStartTime() != null)
                .forEach(status::lost);
        informer = client.pods().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                queue.add(item(pod));
            }

            @Override
            public void onUpdate(Pod old, Pod pod) {
                queue.add(item(pod));
            }

            @Override
            public void onDelete(Pod pod, boolean stateUnknown) {
                aside(() -> forget(pod));
            }
        });
    }

    private static WorkQueue.Item item(Pod pod) {
        return new WorkQueue.Item(
                pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    }

    private static boolean isEnded(Pod pod) {
        return ENDED.contains(pod.getStatus().getPhase());
    }

    private void reconcile(WorkQueue.Item item) {
        Pod pod = client.pods()
                .inNamespace(item.namespace())
                .withName(item.name())
                .get();
        if (pod == null) {
            return;
        }
        String uid = pod.getMetadata().getUid();
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            if (stopping.add(uid)) {
                aside(() -> stop(pod));
            }
        } else if (pod.getSpec().getNodeName() == null) {
            bind(pod);
        } else if (!isEnded(pod) && !runs.containsKey(uid) && hasImages(pod)) {
            noteMissingGpus(pod);
            PodRun run = new PodRun(pod, directory(uid), images, volumes, environment, status);
            runs.put(uid, run);
            run.start();
        }
    }

    private void bind(Pod pod) {
        client.raw(
                "/api/v1/namespaces/" + pod.getMetadata().getNamespace() + "/pods/"
                        + pod.getMetadata().getName() + "/binding",
                "POST",
                new BindingBuilder()
                        .withNewMetadata()
                        .withName(pod.getMetadata().getName())
                        .endMetadata()
                        .withNewTarget()
                        .withKind("Node")
                        .withName(NODE)
                        .endTarget()
                        .build());
    }

    private boolean hasImages(Pod pod) {
        for (Container container : pod.getSpec().getContainers()) {
            if (images.find(container.getImage()).isEmpty()) {
                boolean told = pod.getStatus().getContainerStatuses().stream()
                        .anyMatch(c -> c.getState().getWaiting() != null);
                if (!told) {
                    status.waiting(
                            pod,
                            "ErrImageNeverPull",
                            "Container image \"" + container.getImage()
                                    + "\" is not present with pull policy of Never");
                }
                return false;
            }
        }
        return true;
    }

    /** A GPU that is asked for is granted; whoever reads the events learns that there is none. */
    private void noteMissingGpus(Pod pod) {
        for (Container container : pod.getSpec().getContainers()) {
            if (container.getResources() == null || container.getResources().getLimits() == null) {
                continue;
            }
            container.getResources().getLimits().forEach((resource, amount) -> {
                if (!List.of("cpu", "memory", "ephemeral-storage").contains(resource)) {
                    status.event(
                            pod,
                            "Normal",
                            "GrantedWithoutDevice",
                            amount + " " + resource + " granted; a local cluster has none and runs on the CPU");
                }
            });
        }
    }

    private void aside(Runnable farewell) {
        try {
            farewells.execute(farewell);
        } catch (RejectedExecutionException e) {
            // The cluster goes down, which ends every pod.
        }
    }

    private void stop(Pod pod) {
        String uid = pod.getMetadata().getUid();
        try {
            Long grace = pod.getMetadata().getDeletionGracePeriodSeconds();
            PodRun run = runs.get(uid);
            if (run != null) {
                run.stop(Duration.ofSeconds(grace == null ? 0 : grace));
            }
            status.gone(pod);
            client.resource(pod)
                    .withGracePeriod(0)
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException | KubernetesClientException e) {
            // The cluster goes down, or the pod is gone already; its processes are in any case.
            LOG.log(Level.DEBUG, "pod not deleted: {0}", e.getMessage());
        }
    }

    private void forget(Pod pod) {
        String uid = pod.getMetadata().getUid();
        stopping.remove(uid);
        PodRun run = runs.get(uid);
        try {
            if (run != null) {
                run.abandon();
                run.awaitGone();
            }
            runs.remove(uid);
            directory(uid).delete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private PodDirectory directory(String uid) {
        return new PodDirectory(pods, uid);
    }

    /** The log of a container, if it was ever started. */
    static Optional<Path> log(Path pods, String uid, String container) {
        Path log = new PodDirectory(pods, uid).log(container);
        return Files.exists(log) ? Optional.of(log) : Optional.empty();
    }

    /**
     * Asks every process to end, as a node does that is shut down. Returns when none is left, and no thread of a pod that
     * could write below the pods' directory.
     */
    @Override
    public void close() {
        informer.close();
        queue.close();
        status.close();
        runs.values().forEach(run -> aside(() -> shutDown(run)));
        farewells.shutdown();
        try {
            // A deletion that is under way may grant its pod more time than there is.
            farewells.awaitTermination(LAST_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runs.values().forEach(PodRun::abandon);
        farewells.close();
        try {
            for (PodRun run : runs.values()) {
                run.awaitGone();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shutDown(PodRun run) {
        try {
            run.shutDown(LAST_GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
