package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;

/**
 * What a SafeFineTune asks for.
 *
 * @param spec with its defaults
 * @param gpus that its pods would hold
 */
public record FineTuneWish(SafeFineTuneSpec spec, Gpus gpus) {}
