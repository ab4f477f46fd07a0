package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.PlaceUri;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.checks.NamedPlaces.Place;
import java.util.List;
import java.util.stream.Stream;

/** Whether the places that a resource names can be used. */
final class Places {
    private Places() {}

    /** Each place that this release cannot read or write. */
    static Stream<Refusal> served(NamedPlaces places) {
        return places.all().stream().flatMap(Places::unserved);
    }

    private static Stream<Refusal> unserved(Place place) {
        if (!PvcUri.isOne(place.uri())) {
            return Stream.of(new Refusal(
                    Reason.URI_NOT_SERVED,
                    place.field(),
                    place.uri(),
                    "this release serves pvc://claim/path only: put it on a PersistentVolumeClaim of the namespace and"
                            + " name that"));
        }
        try {
            PvcUri.parse(place.uri());
            return Stream.empty();
        } catch (IllegalArgumentException e) {
            return Stream.of(
                    new Refusal(Reason.SPEC_INVALID, place.field(), place.uri(), String.valueOf(e.getMessage())));
        }
    }

    /** Each place that is read and would be replaced by what is published. */
    static Stream<Refusal> apart(NamedPlaces places) {
        List<Place> all = places.all();
        Place output = all.getLast();
        return all.subList(0, all.size() - 1).stream()
                .filter(input -> PlaceUri.of(input.uri()).overlaps(PlaceUri.of(output.uri())))
                .map(input -> new Refusal(
                        Reason.SPEC_INVALID,
                        output.field(),
                        output.uri(),
                        "what is published there would replace " + input.field() + ", which is " + input.uri()
                                + "; name a place beside it"));
    }
}
