package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.operator.observe.Claimant;
import dev.safefinetune.operator.observe.RunFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whose turn it is where two runs are to publish to one place, or one inside the other's: the run that has begun first, then
 * the older resource, then the one whose name comes first. Every resource comes to the same answer by itself. A resource that
 * is suspended and has not begun leaves the place to others.
 *
 * @param own the resource, as the others see it
 * @param others of its namespace, of either kind
 */
record OutputClaim(Claimant own, List<Claimant> others) {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

    private static final Comparator<Claimant> TURN = Comparator.comparing(OutputClaim::started)
            .thenComparing(Claimant::created)
            .thenComparing(Claimant::name)
            .thenComparing(Claimant::kind);

    static OutputClaim of(RunFacts run, String place, Instant created, List<Claimant> others) {
        var recorded = run.recorded().run();
        return new OutputClaim(
                new Claimant(
                        run.identity().kind(),
                        run.identity().name(),
                        place,
                        created,
                        recorded == null ? null : recorded.startTime(),
                        false),
                others);
    }

    /** Why the resource waits. */
    Optional<Decision> taken(String field) {
        return others.stream()
                .filter(other -> other.started() != null || !other.suspended())
                .filter(other -> overlap(other.place(), own.place()))
                .filter(other -> TURN.compare(other, own) < 0)
                .min(TURN)
                .map(other -> new Decision.Wait(
                        Reason.OUTPUT_TAKEN,
                        field + " is " + own.place() + "; " + other.kind() + " " + other.name()
                                + ", which came first, is to publish to " + other.place()
                                + ": wait until its run has ended, or name another place",
                        false,
                        LOOK_AGAIN));
    }

    private static Instant started(Claimant claimant) {
        return claimant.started() == null ? Instant.MAX : claimant.started();
    }

    private static boolean overlap(String one, String other) {
        String a = normal(one);
        String b = normal(other);
        return a.startsWith(b) || b.startsWith(a);
    }

    private static String normal(String uri) {
        int path = uri.indexOf("://") + 3;
        return uri.substring(0, path)
                + uri.substring(path).replaceAll("/+", "/").replaceAll("/$", "") + "/";
    }
}
