package dev.safefinetune.trainer.evaluate;

/**
 * An arm as it was measured, with what it said.
 *
 * @param measured by the built-in outcome
 * @param answers texts, which go nowhere but to a judge
 */
record HeardArm(ArmMeasurement measured, ArmAnswers answers) {}
