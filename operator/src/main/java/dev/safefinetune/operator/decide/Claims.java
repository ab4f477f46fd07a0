package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.checks.NamedPlaces;
import dev.safefinetune.checks.PvcUri;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Whether the volume claims of a resource's places are there. */
final class Claims {
    /** How long a volume claim may be made after the resource that names it, before somebody is asked to do something. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private Claims() {}

    /** Which volume claim is waited for. */
    static Optional<Decision> missing(NamedPlaces places, Set<String> claims, boolean patient) {
        return places.all().stream()
                .filter(place -> !claims.contains(PvcUri.parse(place.uri()).claim()))
                .findFirst()
                .map(place -> new Decision.Wait(
                        Reason.VOLUME_NOT_FOUND,
                        place.field() + " is " + place.uri() + ", and there is no PersistentVolumeClaim "
                                + PvcUri.parse(place.uri()).claim() + " in the namespace",
                        !patient,
                        LOOK_AGAIN));
    }
}
