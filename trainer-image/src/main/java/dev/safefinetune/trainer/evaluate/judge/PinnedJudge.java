package dev.safefinetune.trainer.evaluate.judge;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.JudgeSettings;
import java.util.function.Supplier;

/**
 * A judge to be asked.
 *
 * @param digest of its files
 * @param settings how it is asked
 * @param open opens it; done after the answers are there, so that no other model lies in memory beside it
 */
public record PinnedJudge(Digest digest, JudgeSettings settings, Supplier<Judge> open) {}
