package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.ResolvedStatus;
import dev.safefinetune.api.v1alpha1.ResolvedSuite;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.operator.decide.Accepted;
import dev.safefinetune.operator.decide.StageOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run is pinned to, as it is found out stage by stage.
 *
 * @param status so far
 */
record Pinned(ResolvedStatus status) {
    /** What it begins with. */
    static Pinned begun(@Nullable Accepted accepted, String image) {
        return new Pinned(
                accepted == null
                        ? new ResolvedStatus(null, null, null, null, null, null, null, null, null, null, image)
                        : new ResolvedStatus(
                                null,
                                null,
                                accepted.vector() == null
                                        ? null
                                        : accepted.vector().digest().value(),
                                accepted.vectorRef(),
                                accepted.vectors(),
                                accepted.policies(),
                                accepted.held(),
                                null,
                                null,
                                null,
                                image));
    }

    /** The same under the policies that were asked for a stage that has begun just now; absent where none has. */
    Pinned under(@Nullable Accepted latest) {
        return latest == null
                ? this
                : new Pinned(new ResolvedStatus(
                        status.model(),
                        status.dataset(),
                        status.vector(),
                        status.vectorRef(),
                        status.vectors(),
                        latest.policies(),
                        latest.held(),
                        status.suites(),
                        status.trustedSet(),
                        status.attempt(),
                        status.image()));
    }

    /** The same with what Prepare states, once it has ended. */
    Pinned prepared(@Nullable StageOutcome prepare) {
        if (!(prepare instanceof StageOutcome.Done done)) {
            return this;
        }
        Inputs outputs = done.result().outputs();
        return new Pinned(new ResolvedStatus(
                text(outputs, Inputs.MODEL),
                text(outputs, Inputs.DATASET),
                status.vector(),
                status.vectorRef(),
                status.vectors(),
                status.policies(),
                status.held(),
                suites(outputs),
                text(outputs, Inputs.COOLDOWN),
                status.attempt(),
                status.image()));
    }

    /** The same as an attempt; of none that is counted nothing is said. */
    Pinned attempt(@Nullable Integer number) {
        return number == null
                ? this
                : new Pinned(new ResolvedStatus(
                        status.model(),
                        status.dataset(),
                        status.vector(),
                        status.vectorRef(),
                        status.vectors(),
                        status.policies(),
                        status.held(),
                        status.suites(),
                        status.trustedSet(),
                        number,
                        status.image()));
    }

    private static @Nullable List<ResolvedSuite> suites(Inputs outputs) {
        List<ResolvedSuite> suites = new ArrayList<>(suites(outputs, Inputs.PLATFORM_PROMPTS, Inputs.PLATFORM_UTILITY));
        suites.addAll(suites(outputs, Inputs.PROMPTS, Inputs.UTILITY));
        return suites.isEmpty() ? null : suites;
    }

    private static List<ResolvedSuite> suites(Inputs outputs, String prompts, String utility) {
        List<ResolvedSuite> suites = new ArrayList<>();
        for (int k = 1; k <= outputs.count(prompts); k++) {
            suites.add(new ResolvedSuite(
                    outputs.get(Inputs.numbered(prompts, k)).value(), text(outputs, Inputs.numbered(utility, k))));
        }
        return suites;
    }

    private static @Nullable String text(Inputs outputs, String artifact) {
        Digest digest = outputs.digests().get(artifact);
        return digest == null ? null : digest.value();
    }
}
