package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.ServedSuite;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.DatasetWriter;
import dev.safefinetune.trainer.evaluate.SuitePart;
import dev.safefinetune.trainer.store.Digests;
import dev.safefinetune.trainer.store.TrainerException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The platform's suites as a stage has fetched them from the operator. They are held in memory and lie on no volume, so nobody finds
 * them in the run's namespace.
 *
 * @param suites as they are asked, in the order in which the job spec names them
 * @param digests of them, by the names of {@link Inputs}
 */
record PlatformSuites(List<SuitePart.Source> suites, Map<String, Digest> digests) {
    static final PlatformSuites NONE = new PlatformSuites(List.of(), Map.of());

    private static final int OK = 200;
    private static final int GONE = 404;
    private static final int MOST_WORDS = 300;

    PlatformSuites {
        suites = List.copyOf(suites);
        digests = Map.copyOf(digests);
    }

    /**
     * Fetches.
     *
     * @param served as the job spec names them; absent where there is none
     * @param operator to ask; absent where a job spec names nobody
     * @param proven digests of suites that the run's vectors have proved, over samples as {@link DatasetWriter#digest}
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming the suite that is not there, or not the one that the policy
     *     pins; {@link Fault#STORAGE} where the operator cannot be reached
     */
    static PlatformSuites fetch(
            @Nullable List<ServedSuite> served, @Nullable OperatorCalls operator, @Nullable List<Digest> proven) {
        if (served == null) {
            return NONE;
        }
        if (operator == null) {
            throw new TrainerException(
                    Fault.JOB_SPEC_INVALID, "the job spec names suites of the platform and nobody who serves them");
        }
        List<SuitePart.Source> suites = new ArrayList<>();
        Map<String, Digest> digests = new TreeMap<>();
        for (ServedSuite suite : served) {
            int number = suites.size() + 1;
            Dataset prompts = file(operator, suite, ServedSuite.PROMPTS, suite.prompts());
            Digest utility = suite.utility();
            boolean proved = proven != null && proven.contains(DatasetWriter.digest(prompts.samples()));
            suites.add(new SuitePart.Source(
                    prompts, utility == null ? null : file(operator, suite, ServedSuite.UTILITY, utility), proved));
            digests.put(Inputs.numbered(Inputs.PLATFORM_PROMPTS, number), suite.prompts());
            if (utility != null) {
                digests.put(Inputs.numbered(Inputs.PLATFORM_UTILITY, number), utility);
            }
        }
        return new PlatformSuites(suites, digests);
    }

    private static Dataset file(OperatorCalls operator, ServedSuite suite, String name, Digest pinned) {
        String uri = suite.uri(name);
        HttpResponse<String> answer =
                operator.get(ServedSuite.PATH + suite.name() + "/" + name, "for the platform's suite " + uri);
        if (answer.statusCode() != OK) {
            String words = answer.statusCode() == GONE ? ": " + answer.body() : "";
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    "the operator does not serve " + uri + " (status " + answer.statusCode() + ")"
                            + words.substring(0, Math.min(words.length(), MOST_WORDS)));
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        Digest digest = Digests.ofBytes(bytes);
        if (!digest.equals(pinned)) {
            throw new TrainerException(
                    Fault.DATASET_INVALID,
                    uri + " has the digest " + digest + ", the policy pins " + pinned
                            + ": the ConfigMap was changed after it was pinned, or the policy names another");
        }
        return DatasetReader.read(bytes, uri);
    }

    boolean isEmpty() {
        return suites.isEmpty();
    }

    /** Where they lie, for the report, by the names of {@link Inputs}. */
    Map<String, String> uris() {
        Map<String, String> uris = new TreeMap<>();
        for (int k = 1; k <= suites.size(); k++) {
            SuitePart.Source suite = suites.get(k - 1);
            uris.put(
                    Inputs.numbered(Inputs.PLATFORM_PROMPTS, k), suite.prompts().name());
            Dataset utility = suite.utility();
            if (utility != null) {
                uris.put(Inputs.numbered(Inputs.PLATFORM_UTILITY, k), utility.name());
            }
        }
        return uris;
    }
}
