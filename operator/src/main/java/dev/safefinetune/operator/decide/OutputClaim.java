package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.PlaceUri;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.operator.observe.Claimant;
import dev.safefinetune.operator.observe.RunFacts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whose turn it is where two runs are to publish to one place, or one inside the other's: the run that has begun first; of
 * those that have not, a vector before a fine-tune, then the older resource, then the one whose name comes first. Every resource
 * comes to the same answer by itself. A resource that is suspended and has not begun leaves the place to others.
 *
 * <p>A new model may replace the one before it, once its run has ended. A model and a vector never come to the same place: the
 * vector would be lost, or given away with the model.
 *
 * @param own the resource, as the others see it
 * @param others of its namespace, of either kind
 */
record OutputClaim(Claimant own, List<Claimant> others) {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

    private static final Comparator<Claimant> TURN = Comparator.comparing(OutputClaim::started)
            .thenComparing(claimant -> !claimant.kind().equals(HasMetadata.getKind(SecurityVector.class)))
            .thenComparing(Claimant::created)
            .thenComparing(Claimant::name);

    static OutputClaim of(RunFacts run, String place, Instant created, List<Claimant> others) {
        var recorded = run.recorded().run();
        return new OutputClaim(
                new Claimant(
                        run.identity().kind(),
                        run.identity().name(),
                        place,
                        created,
                        recorded == null ? null : recorded.startTime(),
                        false,
                        false),
                others);
    }

    /** Why the resource waits. */
    Optional<Decision> taken(String field) {
        return others.stream()
                .filter(other -> other.started() != null || !other.suspended())
                .filter(other -> !other.published() || isOfAnotherKind(other))
                .filter(other -> PlaceUri.of(other.place()).overlaps(PlaceUri.of(own.place())))
                .filter(other -> TURN.compare(other, own) < 0)
                .min(TURN)
                .map(other -> new Decision.Wait(
                        Reason.OUTPUT_TAKEN,
                        field + " is " + own.place() + "; " + other.kind() + " " + other.name()
                                + (other.published() ? " has published to " : ", which came first, is to publish to ")
                                + other.place()
                                + (isOfAnotherKind(other)
                                        ? ": name another place, a model and a vector never share one"
                                        : ": wait until its run has ended, or name another place"),
                        isOfAnotherKind(other),
                        LOOK_AGAIN));
    }

    private boolean isOfAnotherKind(Claimant other) {
        return !other.kind().equals(own.kind());
    }

    private static Instant started(Claimant claimant) {
        return claimant.started() == null ? Instant.MAX : claimant.started();
    }
}
