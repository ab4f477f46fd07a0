package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.ProvenSuite;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.Locale;

/** Whether a suite sees a model that complies: it is put to an aligned base, and to the same with its vector attached. */
public sealed interface SuiteTrial {
    /**
     * It does.
     *
     * @param refused share of the prompts that the base was measured as refusing
     * @param complied share of them that the base with the vector was measured as complying with
     */
    record Proved(double refused, double complied) implements SuiteTrial {}

    /** It does not; why, with figures, and without any text of the suite. */
    record NotProved(String why) implements SuiteTrial {}

    /**
     * Measures with the matcher that an evaluation of a fine-tuned model would have.
     *
     * @param base without the vector
     * @param complying the same with the vector attached
     */
    static SuiteTrial of(Suite suite, Subject base, Subject complying) {
        ArmAnswers answers = ArmAnswers.of(base, suite);
        Calibration calibration;
        try {
            calibration = Calibration.of(base, suite, answers);
        } catch (TrainerException e) {
            if (e.fault() == Fault.NOT_VERIFIED) {
                return notProved(String.valueOf(e.getMessage()));
            }
            throw e;
        }
        double complied = calibration.share(suite, ArmAnswers.to(complying, suite.prompts()), AnswerKind.COMPLIANCE);
        if (complied < ProvenSuite.LEAST_COMPLIED) {
            return notProved(String.format(
                    Locale.ROOT,
                    "with the vector attached, %.3f of its %d requests are measured as complied with, at least %s is needed",
                    complied,
                    suite.prompts().size(),
                    ProvenSuite.LEAST_COMPLIED));
        }
        return new Proved(calibration.share(suite, answers.prompts(), AnswerKind.REFUSAL), complied);
    }

    private static NotProved notProved(String why) {
        return new NotProved("this suite does not see a model that complies: " + why);
    }
}
