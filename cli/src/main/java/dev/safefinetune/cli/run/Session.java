package dev.safefinetune.cli.run;

import dev.safefinetune.local.LocalCluster;
import dev.safefinetune.local.runner.Images;
import dev.safefinetune.local.runner.LocalImage;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A cluster and an operator for as long as this command runs, and not a moment longer. */
final class Session implements AutoCloseable {
    private final Installation installation;
    private final Path directory;
    private final LocalCluster cluster;
    private final Thread atExit = new Thread(this::interrupted, "at exit");
    private @Nullable OperatorProcess operator;
    private Runnable interrupt = () -> {};
    private boolean closed;

    private Session(Installation installation, Path directory, LocalCluster cluster) {
        this.installation = installation;
        this.directory = directory;
        this.cluster = cluster;
    }

    static Session start(Installation installation, Path directory) throws IOException {
        Images images =
                new Images(Map.of(OperatorProcess.TRAINER_IMAGE, LocalImage.of("trainer", installation.trainer())));
        Session session = new Session(installation, directory, LocalCluster.start(directory, images));
        Runtime.getRuntime().addShutdownHook(session.atExit);
        return session;
    }

    /** What to say when this process is asked to end early. */
    synchronized void onInterrupt(Runnable action) {
        interrupt = action;
    }

    private void interrupted() {
        Runnable action;
        synchronized (this) {
            action = closed ? () -> {} : interrupt;
        }
        action.run();
        close();
    }

    synchronized void startOperator() throws IOException {
        operator = OperatorProcess.start(installation.operator(), cluster.kubeconfig(), directory);
    }

    KubernetesClient client() {
        return cluster.client();
    }

    Path directory() {
        return directory;
    }

    synchronized boolean isOperatorRunning() {
        return operator != null && operator.isRunning();
    }

    synchronized String operatorsLastWords() {
        return Objects.requireNonNull(operator).lastWords();
    }

    synchronized long operatorPeakBytes() {
        return Objects.requireNonNull(operator).peakBytes();
    }

    Map<String, Long> peakMemory() {
        return cluster.peakMemory();
    }

    @Override
    public void close() {
        OperatorProcess running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            running = operator;
        }
        // The operator first: what it would make of a cluster that ends is nobody's wish.
        if (running != null) {
            running.close();
        }
        cluster.close();
    }
}
