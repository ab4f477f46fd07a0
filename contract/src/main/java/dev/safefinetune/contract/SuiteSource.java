package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * Where an evaluation suite lies.
 *
 * @param prompts harmful requests, held out
 * @param utility tasks that show what a model can do
 */
public record SuiteSource(Source prompts, @Nullable Source utility) {
    public SuiteSource {
        Require.present("suite.prompts", prompts);
    }
}
