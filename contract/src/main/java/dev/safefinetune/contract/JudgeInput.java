package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * A judge model to take in.
 *
 * @param source where it lies
 * @param digest what its files have to have; absent: whatever lies there is taken, and its digest told
 * @param settings how it is asked
 */
public record JudgeInput(Source source, @Nullable Digest digest, JudgeSettings settings) {
    public JudgeInput {
        Require.present("judge.source", source);
        Require.present("judge.settings", settings);
    }
}
