package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.HarmfulDatasetSpec;
import dev.safefinetune.api.v1alpha1.JudgeSpec;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The places that a resource names, each with the field that names it: what it reads, and last where it publishes. */
public final class NamedPlaces {
    /**
     * A place.
     *
     * @param field that names it
     * @param uri of the place
     */
    public record Place(String field, String uri) {}

    private final List<Place> named = new ArrayList<>();

    private NamedPlaces() {}

    /** Those of a resource. */
    public static NamedPlaces of(SafeFineTuneSpec spec) {
        NamedPlaces places = new NamedPlaces();
        places.add("spec.model.uri", spec.model().uri());
        places.add("spec.dataset.uri", spec.dataset().uri());
        places.add("spec.safety.cooldown.dataset.uri", spec.safety().cooldown().dataset());
        places.add(
                "spec.safety.evaluation.prompts.uri", spec.safety().evaluation().prompts());
        places.add(
                "spec.safety.evaluation.utility.uri", spec.safety().evaluation().utility());
        JudgeSpec judge = spec.safety().evaluation().judge();
        if (judge != null) {
            places.add("spec.safety.evaluation.judge.uri", judge.uri());
        }
        places.add("spec.output.uri", spec.output().uri());
        return places;
    }

    /** Those of a resource. */
    public static NamedPlaces of(SecurityVectorSpec spec) {
        NamedPlaces places = new NamedPlaces();
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

    /** All of them; the last is where the resource publishes. */
    public List<Place> all() {
        return List.copyOf(named);
    }

    /** The volume claims among them; a URI that is none, or is not well-formed, names none. */
    public Set<String> claims() {
        return named.stream()
                .map(Place::uri)
                .filter(PvcUri::isWellFormed)
                .map(uri -> PvcUri.parse(uri).claim())
                .collect(Collectors.toSet());
    }
}
