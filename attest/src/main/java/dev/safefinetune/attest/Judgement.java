package dev.safefinetune.attest;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a verdict rests on, as the operator has recorded it.
 *
 * @param run name of the run
 * @param resource of which resource, {@code <namespace>/<name>}
 * @param content Merged or Adapter: which form of the model the subject is
 * @param policies that the run was held to when its last stage began; empty: none selects the namespace
 * @param limits that were held against the figures' bounds, by name
 * @param figures that were measured of the model, by name
 * @param suiteProved whether the run's vector had proved the suite; absent where nobody knew
 * @param attempt which attempt it was with its base model and dataset; absent where attempts were not counted
 * @param signedAt when it was signed, by the operator's clock
 */
public record Judgement(
        String run,
        String resource,
        String content,
        List<Policy> policies,
        SortedMap<String, String> limits,
        SortedMap<String, Figure> figures,
        @Nullable Boolean suiteProved,
        @Nullable Integer attempt,
        Instant signedAt) {
    /**
     * A policy of the run's namespace.
     *
     * @param policy as {@code name@generation}
     * @param enforcement Enforce, Warn or Audit
     * @param waived the rules that a waiver let the run break
     * @param broken whether the run broke it, which was not enforced
     */
    public record Policy(String policy, String enforcement, List<String> waived, boolean broken) {
        public Policy {
            waived = List.copyOf(waived);
        }
    }

    /** A share of trials with its 95 % interval, as decimal numbers in strings. */
    public record Figure(String rate, String lower95, String upper95, int n) {}

    public Judgement {
        policies = List.copyOf(policies);
        limits = Collections.unmodifiableSortedMap(new TreeMap<>(limits));
        figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
    }
}
