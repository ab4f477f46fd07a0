package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A replica that stands by goes: another one takes its place, and the leader does not notice. */
@ExtendWith(OperatorLog.class)
class StandbyE2E {
    private static final int TIMES = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern STARTED = Pattern.compile("standing by, ([0-9.]+) s after the start of the JVM");

    @Test
    void aFollowerIsReplacedAndTheLeaderStays() {
        Until.holds("a leader", PATIENCE, () -> !Replicas.holder().isEmpty());
        String leader = Replicas.holder();
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            // The one before may still be on its way out.
            Until.holds("one follower", PATIENCE, () -> Replicas.followers().size() == 1);
            Pod follower = Replicas.followers().getFirst();
            Cluster.client().resource(follower).delete();
            Until.holds(
                    "a follower in its place",
                    PATIENCE,
                    () -> successor(follower).isPresent());
            seconds.add(startSeconds(successor(follower).orElseThrow()));
        }
        assertThat(Replicas.holder()).isEqualTo(leader);
        Collections.sort(seconds);
        Figures.print(
                "operator, start of its JVM to ready, alone, median of " + TIMES,
                String.format(Locale.ROOT, "%.2f s", seconds.get(TIMES / 2)));
    }

    private static Optional<Pod> successor(Pod gone) {
        return Replicas.followers().stream()
                .filter(pod ->
                        !pod.getMetadata().getUid().equals(gone.getMetadata().getUid()))
                .filter(Readiness.getInstance()::isReady)
                .findFirst();
    }

    private static double startSeconds(Pod pod) {
        String log = Cluster.client()
                .pods()
                .inNamespace(Cluster.OPERATOR_NAMESPACE)
                .withName(pod.getMetadata().getName())
                .getLog();
        return STARTED.matcher(log)
                .results()
                .findFirst()
                .map(line -> Double.parseDouble(line.group(1)))
                .orElseThrow(() -> new AssertionError("it does not say how long its start took: "
                        + log.lines().limit(5).collect(Collectors.joining("\n"))));
    }
}
