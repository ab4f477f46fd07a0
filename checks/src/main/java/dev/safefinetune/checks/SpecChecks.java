package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import java.util.List;

/** What is wrong with a wish although its schema accepts it, whoever asks and whatever the policies say. */
public final class SpecChecks {
    /** Of a SafeFineTune. */
    public static final List<Check<FineTuneWish>> FINE_TUNE = List.of(
            // This release reads and writes volume claims alone.
            wish -> Places.served(NamedPlaces.of(wish.spec())),
            // What is published does not replace what the run reads.
            wish -> Places.apart(NamedPlaces.of(wish.spec())),
            // All weights are trained on one GPU.
            Terms::gpusForAllWeights,
            // Without a vector there is none whose suite could be used.
            Terms::suiteWithoutVector,
            // A limit near 0 would need an endless suite.
            Terms::limitsThatASuiteCanShow);

    /** Of a SecurityVector. */
    public static final List<Check<SecurityVectorSpec>> VECTOR =
            List.of(spec -> Places.served(NamedPlaces.of(spec)), spec -> Places.apart(NamedPlaces.of(spec)));

    private SpecChecks() {}
}
