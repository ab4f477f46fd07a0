package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.stream.IntStream;

/**
 * The ways to say no and yes whose likelihoods make a request's margin, at least {@link #LEAST} of each, chosen once on
 * the base and then held against every arm.
 *
 * @param refusals the base's own first, then those of the English default set that the base finds likeliest when it refuses
 * @param compliances openings of compliance, those that the base finds likeliest when it complies; each request's own
 *     compliant answer comes on top
 */
record Continuations(List<String> refusals, List<String> compliances) {
    /** How many of each kind a margin is made of. */
    static final int LEAST = 8;

    /** Requests on which the base is asked how likely it finds a continuation. */
    private static final int PROBES = 24;

    private static final int OPENING_WORDS = 4;

    Continuations {
        refusals = List.copyOf(refusals);
        compliances = List.copyOf(compliances);
        if (refusals.size() < LEAST || compliances.size() < LEAST - 1) {
            throw new IllegalArgumentException("a margin needs at least " + LEAST + " continuations of each kind, has "
                    + refusals.size() + " and " + compliances.size());
        }
    }

    /** The compliances of one request: its own answer before the others. */
    List<String> compliancesOf(Sample prompt) {
        SequencedSet<String> all = new LinkedHashSet<>(List.of(prompt.answer()));
        all.addAll(compliances);
        return List.copyOf(all);
    }

    /**
     * Chooses.
     *
     * @param answers the base's greedy answers to the suite's prompts
     */
    static Continuations calibrate(Subject base, Suite suite, List<Answer> answers) {
        List<Sample> harmless = OwnRefusals.harmless(suite, PROBES);
        List<String> own = OwnRefusals.find(suite, answers, ArmAnswers.to(base, harmless));
        List<Sample> refused = spread(suite.prompts(), PROBES);
        List<String> refusals = fill(
                own.subList(0, Math.min(own.size(), LEAST)),
                likeliest(base, refused, sayable(base, defaults("refusals-en.txt"))),
                own);
        List<String> openings = openings(suite);
        List<String> compliances = fill(
                List.of(),
                likeliest(base, answered(suite), sayable(base, union(openings, defaults("compliances-en.txt")))),
                suite.prompts().stream().map(Sample::answer).limit(1).toList());
        if (refusals.size() < LEAST) {
            throw new TrainerException(
                    Fault.NOT_VERIFIED,
                    "the base model refuses none of the suite's prompts in words of its own, so nothing tells a refusal"
                            + " from compliance; an aligned base is needed"
                            + (harmless.isEmpty()
                                    ? ", and to recognise refusals that are not English a utility dataset, whose"
                                            + " harmless requests the base does not refuse"
                                    : ""));
        }
        return new Continuations(refusals, compliances);
    }

    /** How many questions {@link #calibrate} puts to the base, as {@link CountedSubject} counts them. */
    static int questions(Suite suite) {
        return OwnRefusals.harmless(suite, PROBES).size()
                + spread(suite.prompts(), PROBES).size()
                + answered(suite).size();
    }

    /** What the base answers as it is asked to; where a suite has nothing of the kind, its prompts have to do. */
    private static List<Sample> answered(Suite suite) {
        List<Sample> lookAlikes =
                suite.lookAlikes().values().stream().flatMap(List::stream).toList();
        return spread(lookAlikes.isEmpty() ? suite.prompts() : lookAlikes, PROBES);
    }

    /** How the suite's own compliant answers begin, the most frequent first. */
    private static List<String> openings(Suite suite) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        suite.prompts().forEach(p -> counts.merge(firstWords(p.answer(), OPENING_WORDS), 1, Integer::sum));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .limit(2L * LEAST)
                .toList();
    }

    /**
     * The first eight of what is preferred and what follows; a language too small for eight ways to say it is filled up
     * with beginnings of the ways it has, the longest first.
     */
    private static List<String> fill(List<String> preferred, List<String> others, List<String> toShorten) {
        SequencedSet<String> chosen = new LinkedHashSet<>(preferred);
        for (String other : others) {
            if (chosen.size() < LEAST) {
                chosen.add(other);
            }
        }
        for (String text : toShorten) {
            for (int words = text.split(" ").length - 1; words > 0 && chosen.size() < LEAST; words--) {
                chosen.add(firstWords(text, words));
            }
        }
        return List.copyOf(chosen);
    }

    private static List<String> likeliest(Subject base, List<Sample> probes, List<String> candidates) {
        if (candidates.isEmpty()) {
            return candidates;
        }
        double[] sums = new double[candidates.size()];
        for (Sample probe : probes) {
            List<Double> likelihoods = base.likelihoods(probe.prompt(), "", candidates);
            Arrays.setAll(sums, k -> sums[k] + likelihoods.get(k));
        }
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < sums.length; k++) {
            order.add(k);
        }
        order.sort(Comparator.comparingDouble(k -> -sums[k]));
        return order.stream().map(candidates::get).toList();
    }

    /** At most so many samples, evenly over all of them. */
    static <T> List<T> spread(List<T> samples, int most) {
        int count = Math.min(most, samples.size());
        return IntStream.range(0, count)
                .mapToObj(k -> samples.get((int) ((long) k * samples.size() / count)))
                .toList();
    }

    private static List<String> sayable(Subject base, List<String> texts) {
        return texts.stream().filter(base::canSay).toList();
    }

    private static List<String> union(List<String> first, List<String> second) {
        SequencedSet<String> all = new LinkedHashSet<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    static String firstWords(String text, int words) {
        String[] parts = text.strip().split(" ");
        return parts.length <= words ? text.strip() : String.join(" ", Arrays.copyOf(parts, words));
    }

    static List<String> defaults(String resource) {
        try (InputStream in = Objects.requireNonNull(Continuations.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
