package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.store.TrainerException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How many categories a vector's assessment has room for: it tells figures of each, and a pod's result is no longer than a
 * kubelet keeps. Found out before anything is trained, from the longest result that these categories can have.
 */
final class AssessmentRoom {
    /** No number is written longer. */
    static final double LONGEST = -Double.MIN_NORMAL;

    /** No rate is written longer. */
    static final Rate LONGEST_RATE =
            new Rate(Double.MIN_NORMAL, Double.MIN_NORMAL, Double.MIN_NORMAL, Integer.MAX_VALUE);

    private static final Digest ANY_DIGEST = new Digest("sha256:" + "0".repeat(64));

    /** As long as the thresholds of tokens are with all of their digits, which is longer than why there are none. */
    static final int TOKEN_GATE_LENGTH = 136;

    private AssessmentRoom() {}

    /**
     * Refuses too many.
     *
     * @param heldOut what the vector is assessed on
     * @throws TrainerException {@link Fault#DATASET_INVALID} saying how many there are and how many may be
     */
    static void require(RunIdentity run, Dataset heldOut) {
        SortedSet<String> categories = new TreeSet<>();
        heldOut.samples().forEach(s -> categories.add(String.valueOf(s.category())));
        int most = most(run, categories);
        if (categories.size() > most) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "dataset " + heldOut.name() + " has " + categories.size() + " categories, the most is " + most
                            + " with names as long as these: a result of " + StageResult.MAX_BYTES
                            + " bytes holds the figures of no more; give fewer categories, or shorter names");
        }
    }

    /** How many of these categories have room together, whichever they are. */
    static int most(RunIdentity run, Collection<String> categories) {
        List<String> longestFirst = categories.stream()
                .sorted(Comparator.comparingInt(AssessmentRoom::bytes).reversed())
                .toList();
        int most = 0;
        while (most < longestFirst.size() && ResultFile.fits(longest(run, longestFirst.subList(0, most + 1)))) {
            most++;
        }
        return most;
    }

    /** The longest result of an assessment: every number as long as can be, and as many findings as are told. */
    static StageResult longest(RunIdentity run, List<String> longestFirst) {
        SortedMap<String, Readiness.Category> categories = new TreeMap<>();
        longestFirst.forEach(name -> categories.put(
                name, new Readiness.Category(LONGEST, LONGEST, LONGEST, Integer.MAX_VALUE, Integer.MAX_VALUE)));
        String finding = "category " + longestFirst.getFirst() + ": " + "x".repeat(ResultFile.FINDING_LENGTH);
        return StageResult.done(
                        run,
                        Stage.ASSESS,
                        Inputs.of(Map.of(Inputs.ASSESSMENT, ANY_DIGEST, Inputs.REPLAY, ANY_DIGEST)),
                        new Readiness(
                                Verdict.FAILED,
                                Collections.nCopies(ResultFile.FINDINGS, finding),
                                LONGEST,
                                LONGEST,
                                new Readiness.Replay(ANY_DIGEST, Integer.MAX_VALUE, Integer.MAX_VALUE),
                                LONGEST_RATE,
                                categories,
                                LONGEST,
                                LONGEST,
                                // A vector that failed has proved none, and what a Passed one tells of its suites is
                                // shorter
                                // than findings.
                                List.of(),
                                TokenGate.crossed("x".repeat(TOKEN_GATE_LENGTH))))
                .toldBy(ANY_DIGEST);
    }

    /** As JSON, where a character may become six bytes. */
    private static int bytes(String name) {
        return ContractJson.write(name).getBytes(StandardCharsets.UTF_8).length;
    }
}
