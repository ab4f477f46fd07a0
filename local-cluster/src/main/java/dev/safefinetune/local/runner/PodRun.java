package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One pod at work: waits for its volumes, starts its processes, watches over them, and states how they ended. */
final class PodRun {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration RETRY_MOUNT = Duration.ofMillis(500);

    /** Tokens live ten minutes at least. */
    private static final Duration FRESHEN_TOKENS = Duration.ofMinutes(8);

    private static final int START_FAILED = 128;
    private static final int KILLED = 137;

    private final Pod pod;
    private final PodDirectory directory;
    private final Images images;
    private final Volumes volumes;
    private final Environment environment;
    private final PodStatusWriter status;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final ExecutorService containers = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private boolean stopping;
    private boolean overDeadline;

    PodRun(
            Pod pod,
            PodDirectory directory,
            Images images,
            Volumes volumes,
            Environment environment,
            PodStatusWriter status) {
        this.pod = pod;
        this.directory = directory;
        this.images = images;
        this.volumes = volumes;
        this.environment = environment;
        this.status = status;
        thread = Thread.ofVirtual().name("pod " + pod.getMetadata().getName()).unstarted(this::runToItsEnd);
    }

    void start() {
        thread.start();
    }

    /** Ends the processes in the pod's own grace period, but in no more than a certain time. */
    void shutDown(Duration most) throws InterruptedException {
        Long own = pod.getSpec().getTerminationGracePeriodSeconds();
        stop(own == null || own > most.toSeconds() ? most : Duration.ofSeconds(own));
    }

    /** Ends the processes: asked first, killed when the grace period is over. Returns when they are gone. */
    void stop(Duration grace) throws InterruptedException {
        List<ChildProcess> running;
        synchronized (processes) {
            stopping = true;
            running = List.copyOf(processes);
        }
        Instant end = Instant.now().plus(grace);
        running.forEach(p -> p.signal("TERM"));
        if (!ended.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            running.forEach(ChildProcess::kill);
            ended.await(Math.max(1000, Duration.between(Instant.now(), end).toMillis()), TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the processes without a word to them or to the API: the pod is gone from there, or the cluster goes down. */
    void abandon() {
        synchronized (processes) {
            stopping = true;
            processes.forEach(ChildProcess::kill);
        }
        thread.interrupt();
    }

    /** Waits, after {@link #abandon}, until nothing of the pod works or writes on this machine any more. */
    void awaitGone() throws InterruptedException {
        thread.join();
        // Nothing is begun any more, and what was has been killed.
        containers.close();
    }

    private void runToItsEnd() {
        try {
            run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void run() throws InterruptedException {
        Map<String, Path> mounted = mount();
        if (mounted == null) {
            return;
        }
        for (Container container : pod.getSpec().getInitContainers()) {
            ContainerEnd end = runContainer(container, mounted);
            if (end.exitCode() != 0) {
                status.ended(pod, Map.of(container.getName(), end), overDeadline);
                return;
            }
        }
        Map<String, Future<ContainerEnd>> running = new LinkedHashMap<>();
        status.running(pod);
        for (Container container : pod.getSpec().getContainers()) {
            running.put(container.getName(), containers.submit(() -> runContainer(container, mounted)));
        }
        Map<String, ContainerEnd> ends = new LinkedHashMap<>();
        for (var each : running.entrySet()) {
            try {
                ends.put(each.getKey(), each.getValue().get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("container " + each.getKey() + " was lost", e);
            }
        }
        status.ended(pod, ends, overDeadline);
    }

    /** Waits until every volume can be mounted; null when the pod is to stop before. */
    private @Nullable Map<String, Path> mount() throws InterruptedException {
        String told = "";
        while (!isStopping()) {
            try {
                directory.make();
                Map<String, Path> made = volumes.make(pod, directory);
                for (Container container : all()) {
                    directory.furnish(pod, container, made);
                }
                return made;
            } catch (MountException | IOException e) {
                String why = String.valueOf(e.getMessage());
                if (!why.equals(told)) {
                    status.waiting(pod, "FailedMount", why);
                    told = why;
                }
                Thread.sleep(RETRY_MOUNT);
            }
        }
        return null;
    }

    private List<Container> all() {
        List<Container> all = new ArrayList<>(pod.getSpec().getInitContainers());
        all.addAll(pod.getSpec().getContainers());
        return all;
    }

    private ContainerEnd runContainer(Container container, Map<String, Path> mounted) throws InterruptedException {
        Instant started = Instant.now();
        try {
            LocalImage image = images.find(container.getImage()).orElseThrow();
            Map<String, String> variables = environment.of(pod, container, image, directory);
            List<String> command = image.resolve(container.getCommand(), container.getArgs()).stream()
                    .map(word -> Environment.expand(word, variables))
                    .toList();
            ChildProcess process;
            synchronized (processes) {
                if (stopping) {
                    return new ContainerEnd(KILLED, "Error", "", started, Instant.now(), 0);
                }
                process = ChildProcess.start(
                        command, directory.workingDirectory(container), variables, directory.log(container.getName()));
                processes.add(process);
            }
            return watch(container, process, started, mounted);
        } catch (IOException | MountException e) {
            return new ContainerEnd(
                    START_FAILED, "ContainerCannotRun", String.valueOf(e.getMessage()), started, Instant.now(), 0);
        }
    }

    private ContainerEnd watch(Container container, ChildProcess process, Instant started, Map<String, Path> mounted)
            throws InterruptedException, IOException {
        long limit = memoryLimit(container);
        boolean overMemory = false;
        Instant tokens = started.plus(FRESHEN_TOKENS);
        while (!process.waitFor(LOOK)) {
            if (process.measure() > limit && !overMemory) {
                overMemory = true;
                process.kill();
            }
            Long deadline = pod.getSpec().getActiveDeadlineSeconds();
            if (deadline != null && Instant.now().isAfter(started.plusSeconds(deadline)) && !overDeadline) {
                overDeadline = true;
                process.kill();
            }
            if (Instant.now().isAfter(tokens)) {
                tokens = Instant.now().plus(FRESHEN_TOKENS);
                freshenTokens();
            }
        }
        int code = process.waitFor();
        String reason = overMemory ? "OOMKilled" : code == 0 ? "Completed" : "Error";
        return new ContainerEnd(
                overMemory ? KILLED : code,
                reason,
                directory.terminationMessage(container, code != 0),
                started,
                Instant.now(),
                process.peakBytes());
    }

    private void freshenTokens() throws IOException {
        try {
            volumes.make(pod, directory);
        } catch (MountException e) {
            // What was mounted once and is gone now does not end a pod.
        }
    }

    private static long memoryLimit(Container container) {
        Map<String, Quantity> limits = container.getResources() == null
                ? null
                : container.getResources().getLimits();
        Quantity memory = limits == null ? null : limits.get("memory");
        return memory == null
                ? Long.MAX_VALUE
                : Quantity.getAmountInBytes(memory).longValue();
    }

    private boolean isStopping() {
        synchronized (processes) {
            return stopping;
        }
    }
}
