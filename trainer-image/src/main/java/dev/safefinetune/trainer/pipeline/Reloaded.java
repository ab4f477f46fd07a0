package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.SampleScore;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.util.List;

/** Whether a model that was written and read again is still the one that was trained. */
final class Reloaded {
    private Reloaded() {}

    /** The first samples, on which a model is compared with itself after it was written and read again. */
    static List<EncodedSample> probes(List<EncodedSample> samples) {
        return samples.subList(0, Math.min(PublicationProof.PROBES, samples.size()));
    }

    static List<Double> scores(CausalModel model, List<EncodedSample> probes) {
        return model.score(probes, 4096).stream().map(SampleScore::sumNll).toList();
    }

    /**
     * Most that the mean loss of a token may differ between an attached and a merged adapter, by rounding. A merged weight is
     * written in its own type in the checkpoint, whatever config.json says, so one of 16 bits is enough for the wider bound.
     */
    static double tolerance(CausalModel model) {
        boolean exact = model.types().stream().allMatch(type -> type == DType.F32)
                && model.precision() == dev.safefinetune.trainer.kernel.Precision.FLOAT32;
        return exact ? 1e-3 : 5e-2;
    }

    /** Most that it may differ for the same weights in another process, where processors may round in another order. */
    static double same(Precision precision) {
        return precision == Precision.FLOAT32 ? 1e-4 : 2e-2;
    }

    /**
     * Compares.
     *
     * @throws TrainerException {@link Fault#PUBLISH_CHECK_FAILED} when the loss of a sample differs by more than rounding
     */
    static void requireSame(
            String what, List<Double> expected, List<Double> found, List<EncodedSample> probes, double tolerance) {
        for (int i = 0; i < probes.size(); i++) {
            double difference =
                    Math.abs(expected.get(i) - found.get(i)) / probes.get(i).answerTokens();
            if (!(difference <= tolerance)) {
                throw new TrainerException(
                        Fault.PUBLISH_CHECK_FAILED,
                        what + " is not what was trained: the loss of probe " + i + " differs by " + difference
                                + " nats a token");
            }
        }
    }
}
