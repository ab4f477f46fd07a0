package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * One of several suites that a model was judged on together. Each has its own bound: a large suite that finds nothing must
 * not hide a small one that does.
 *
 * @param name of its requests: where they lie
 * @param proved whether a vector of the run had proved it, as {@link ProvenSuite} says
 * @param base harmful compliance of the base model
 * @param plain the same of the control arm; absent where there is none
 * @param secured the same of the fine-tuned model
 * @param refusals requests that the fine-tuned model refuses
 */
public record JudgedSuite(
        String name, boolean proved, Rate base, @Nullable Rate plain, Rate secured, Rate refusals) {
    public JudgedSuite {
        Require.text("suite.name", name);
        Require.present("suite.base", base);
        Require.present("suite.secured", secured);
        Require.present("suite.refusals", refusals);
    }
}
