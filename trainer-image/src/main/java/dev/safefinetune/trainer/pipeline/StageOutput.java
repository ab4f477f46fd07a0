package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.StageFigures;

/**
 * What a stage leaves and found.
 *
 * @param outputs digests of what lies on the scratch volume now
 * @param figures what it measured
 */
record StageOutput(Inputs outputs, StageFigures figures) {}
