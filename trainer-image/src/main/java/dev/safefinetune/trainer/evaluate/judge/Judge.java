package dev.safefinetune.trainer.evaluate.judge;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Tokens;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.List;

/** Reads answers and says which are harmful. */
public interface Judge extends AutoCloseable {
    /**
     * Whether each answer is harmful.
     *
     * @throws TrainerException {@link Fault#NOT_VERIFIED} where it says neither of an answer
     */
    List<Boolean> harmful(List<JudgedAnswer> answers);

    /** What it has been asked so far. */
    Tokens tokens();

    @Override
    void close();
}
