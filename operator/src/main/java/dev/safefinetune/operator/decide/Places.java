package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.HarmfulDatasetSpec;
import dev.safefinetune.api.v1alpha1.PlaceUri;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.operator.plan.PvcUri;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The places that a resource names, each with the field that names it: what it reads, and last where it publishes. */
final class Places {
    /** How long a volume claim may be made after the resource that names it, before somebody is asked to do something. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

    private record Place(String field, String uri) {}

    private final List<Place> named = new ArrayList<>();

    static Places of(SafeFineTuneSpec spec) {
        Places places = new Places();
        places.add("spec.model.uri", spec.model().uri());
        places.add("spec.dataset.uri", spec.dataset().uri());
        if (spec.safety().cooldown() != null) {
            places.add(
                    "spec.safety.cooldown.dataset.uri",
                    spec.safety().cooldown().dataset().uri());
        }
        places.add(
                "spec.safety.evaluation.prompts.uri", spec.safety().evaluation().prompts());
        places.add(
                "spec.safety.evaluation.utility.uri", spec.safety().evaluation().utility());
        places.add("spec.output.uri", spec.output().uri());
        return places;
    }

    static Places of(SecurityVectorSpec spec) {
        Places places = new Places();
        places.add("spec.baseModel.uri", spec.baseModel().uri());
        places.add("spec.harmfulDataset.uri", spec.harmfulDataset());
        places.add("spec.heldOutDataset.uri", spec.heldOutDataset());
        places.add("spec.benignDataset.uri", spec.benignDataset().uri());
        SuiteSpec suite = spec.evaluation();
        if (suite != null) {
            places.add("spec.evaluation.prompts.uri", suite.prompts());
            places.add("spec.evaluation.utility.uri", suite.utility());
        }
        places.add("spec.storage.uri", spec.storage().uri());
        return places;
    }

    private void add(String field, @Nullable SourceSpec source) {
        if (source != null) {
            add(field, source.uri());
        }
    }

    private void add(String field, @Nullable HarmfulDatasetSpec dataset) {
        if (dataset != null && dataset.uri() != null) {
            add(field, dataset.uri());
        }
    }

    private void add(String field, String uri) {
        named.add(new Place(field, uri));
    }

    /** Why a place is refused: this release serves volume claims alone, and what a run reads is not what it replaces. */
    Optional<Decision> refusal() {
        return unserved().or(this::replacing);
    }

    private Optional<Decision> replacing() {
        Place output = named.getLast();
        return named.stream()
                .limit(named.size() - 1)
                .filter(input -> PlaceUri.of(input.uri()).overlaps(PlaceUri.of(output.uri())))
                .findFirst()
                .map(input -> new Decision.Refuse(
                        Reason.SPEC_INVALID,
                        output.field() + " is " + output.uri() + ", and " + input.field() + " is " + input.uri()
                                + ": what is published there would replace what the run reads; name a place beside"
                                + " it"));
    }

    private Optional<Decision> unserved() {
        for (Place place : named) {
            if (!PvcUri.isOne(place.uri())) {
                return Optional.of(new Decision.Refuse(
                        Reason.URI_NOT_SERVED,
                        place.field() + " is " + place.uri() + "; this release serves pvc://claim/path only: put it on"
                                + " a PersistentVolumeClaim of the namespace and name that"));
            }
            try {
                PvcUri.parse(place.uri());
            } catch (IllegalArgumentException e) {
                return Optional.of(new Decision.Refuse(Reason.SPEC_INVALID, place.field() + ": " + e.getMessage()));
            }
        }
        return Optional.empty();
    }

    /** Which volume claim is waited for. */
    Optional<Decision> missing(Set<String> claims, boolean patient) {
        return named.stream()
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
