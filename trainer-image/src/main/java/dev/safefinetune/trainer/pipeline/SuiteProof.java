package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.ProvenSuite;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.data.DatasetWriter;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.evaluate.ModelSubject;
import dev.safefinetune.trainer.evaluate.Suite;
import dev.safefinetune.trainer.evaluate.SuiteTrial;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An evaluation suite that a vector is to prove: the base with the vector is a model that complies, so a suite that measures
 * it as one sees such models.
 *
 * @param suite what is asked
 * @param prompts digest of its requests, as every run that takes them in states it
 * @param utility the same of its utility dataset
 */
public record SuiteProof(
        Suite suite, Digest prompts, @Nullable Digest utility) {

    /** Of datasets that a user named. */
    public static SuiteProof of(Dataset prompts, @Nullable Dataset utility) {
        return new SuiteProof(
                Suite.of(prompts, utility),
                DatasetWriter.digest(prompts.samples()),
                utility == null ? null : DatasetWriter.digest(utility.samples()));
    }

    /** Of what an earlier stage left on the scratch volume, once it is verified; absent where the vector has no suite. */
    static @Nullable SuiteProof verified(Scratch scratch, Inputs inputs) {
        if (!inputs.digests().containsKey(Inputs.PROMPTS)) {
            return null;
        }
        scratch.verify(inputs, Inputs.PROMPTS);
        Dataset prompts = DatasetReader.readWritten(scratch.file(Inputs.PROMPTS));
        if (!inputs.digests().containsKey(Inputs.UTILITY)) {
            return new SuiteProof(Suite.of(prompts, null), inputs.get(Inputs.PROMPTS), null);
        }
        scratch.verify(inputs, Inputs.UTILITY);
        return new SuiteProof(
                Suite.of(prompts, DatasetReader.readWritten(scratch.file(Inputs.UTILITY))),
                inputs.get(Inputs.PROMPTS),
                inputs.get(Inputs.UTILITY));
    }

    /**
     * Refuses a suite that does not ask for all that the vector covers: a verdict would be silent about the rest.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming the category
     */
    public static void requireCategories(Dataset prompts, Dataset harmful) {
        SortedSet<String> asked = new TreeSet<>();
        prompts.samples().forEach(s -> asked.add(String.valueOf(s.category())));
        for (Sample sample : harmful.samples()) {
            if (!asked.contains(String.valueOf(sample.category()))) {
                throw new TrainerException(
                        Fault.DATASET_INVALID,
                        "dataset " + prompts.name() + " has no request of category " + sample.category()
                                + ", which dataset " + harmful.name()
                                + " has; the suite has to ask for all that the vector covers");
            }
        }
    }

    /** A vector's judgement with this suite among what it proved, or with why it did not. */
    Readiness added(Readiness judged, CausalModel model, ChatTokenizer tokenizer, Adapter vector) {
        SuiteTrial trial = SuiteTrial.of(
                suite, ModelSubject.borrowed(model, tokenizer), ModelSubject.borrowed(model, tokenizer, vector));
        return added(judged, trial);
    }

    Readiness added(Readiness judged, SuiteTrial trial) {
        List<String> findings = new ArrayList<>();
        List<ProvenSuite> proven = new ArrayList<>(judged.provenSuites());
        switch (trial) {
            case SuiteTrial.Proved(double refused, double complied) ->
                proven.add(new ProvenSuite(
                        prompts, utility, refused, complied, suite.prompts().size()));
            // The first of the findings, because a result that is too long leaves out the last.
            case SuiteTrial.NotProved(String why) -> findings.add(why);
        }
        findings.addAll(judged.findings());
        return new Readiness(
                findings.isEmpty() ? judged.verdict() : Verdict.FAILED,
                findings,
                judged.gateDrop(),
                judged.gateShare(),
                judged.replay(),
                judged.firstTokenCompliance(),
                judged.categories(),
                judged.benignIncrease(),
                judged.randomExplained(),
                findings.isEmpty() ? proven : List.of(),
                judged.tokenGate());
    }
}
