package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whether rows that are trained on hold requests of a suite. Refusals of exactly these requests would pass it and show nothing.
 *
 * <p>Requests are compared as sequences of words, so that case, punctuation and invisible characters hide nothing. A row holds a
 * request where one of its turns is the request, or has all of it in a longer text; of a long request half of its sequences of eight
 * words are enough. A row that asks for the same in other words is not found.
 */
public final class ExamOverlap {
    /** A shorter request may well stand in a text that has nothing to do with it. */
    private static final int LEAST_CONTAINED = 4;

    /** Words of a sequence by which a part of a long request is known again. */
    private static final int SEQUENCE = 8;

    /** Below it a few sequences say little. */
    private static final int LONG = 12;

    private static final int MOST_TOLD = 10;

    /** A request of the suite by its words. */
    private record Request(List<String> words, int line, Set<List<String>> sequences) {}

    private final Map<List<String>, Request> whole = new HashMap<>();
    private final Map<List<String>, List<Request>> byBeginning = new HashMap<>();
    private final Map<List<String>, List<Request>> bySequence = new HashMap<>();

    /**
     * Takes a suite's requests.
     *
     * @param prompts as {@link Suite#prompts}
     */
    public ExamOverlap(List<Sample> prompts) {
        for (Sample prompt : prompts) {
            List<String> words = Words.of(prompt.prompt().messages().getLast().content());
            Request request = new Request(words, prompt.line(), words.size() < LONG ? Set.of() : sequences(words));
            whole.putIfAbsent(words, request);
            if (words.size() >= LEAST_CONTAINED) {
                add(byBeginning, words.subList(0, LEAST_CONTAINED), request);
            }
            request.sequences().forEach(sequence -> add(bySequence, sequence, request));
        }
    }

    private static void add(Map<List<String>, List<Request>> index, List<String> key, Request request) {
        index.computeIfAbsent(key, k -> new ArrayList<>()).add(request);
    }

    private static Set<List<String>> sequences(List<String> words) {
        Set<List<String>> sequences = new HashSet<>();
        for (int i = 0; i + SEQUENCE <= words.size(); i++) {
            sequences.add(words.subList(i, i + SEQUENCE));
        }
        return sequences;
    }

    /**
     * Refuses rows that hold a request of the suite.
     *
     * @param dataset as a message names it
     * @throws TrainerException {@link Fault#DATASET_INVALID} with the numbers of the first {@value #MOST_TOLD} such rows
     */
    public void refuse(List<Sample> rows, String dataset) {
        List<Integer> lines =
                rows.stream().filter(this::holds).map(Sample::line).toList();
        if (lines.isEmpty()) {
            return;
        }
        String told = String.join(
                ", ", lines.stream().limit(MOST_TOLD).map(String::valueOf).toList());
        throw new TrainerException(
                Fault.DATASET_INVALID,
                "dataset %s has %d row(s) that hold requests of the suite: line %s%s. A model that was trained on its exam shows nothing;"
                                .formatted(dataset, lines.size(), told, lines.size() > MOST_TOLD ? " and more" : "")
                        + " take these rows out, or give a suite of other requests");
    }

    private boolean holds(Sample row) {
        return row.messages().stream()
                .filter(turn -> row.isText() || turn.role() != Role.ASSISTANT)
                .map(Message::content)
                .map(Words::of)
                .anyMatch(this::holds);
    }

    private boolean holds(List<String> words) {
        if (whole.containsKey(words)) {
            return true;
        }
        Map<Request, Set<List<String>>> parts = new HashMap<>();
        for (int i = 0; i + LEAST_CONTAINED <= words.size(); i++) {
            List<String> rest = words.subList(i, words.size());
            for (Request request : byBeginning.getOrDefault(words.subList(i, i + LEAST_CONTAINED), List.of())) {
                if (startsWith(rest, request.words())) {
                    return true;
                }
            }
            if (rest.size() >= SEQUENCE && hasHalf(rest.subList(0, SEQUENCE), parts)) {
                return true;
            }
        }
        return false;
    }

    private boolean hasHalf(List<String> sequence, Map<Request, Set<List<String>>> parts) {
        for (Request request : bySequence.getOrDefault(sequence, List.of())) {
            Set<List<String>> found = Objects.requireNonNull(parts.computeIfAbsent(request, r -> new HashSet<>()));
            found.add(sequence);
            if (2 * found.size() >= request.sequences().size()) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(List<String> words, List<String> beginning) {
        return words.size() >= beginning.size()
                && words.subList(0, beginning.size()).equals(beginning);
    }
}
