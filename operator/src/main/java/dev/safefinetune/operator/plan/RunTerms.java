package dev.safefinetune.operator.plan;

/**
 * On what terms a run's Jobs are made.
 *
 * @param wish digest of what of the spec makes the run another one
 * @param maxRetries how often a stage is tried again after a fault that is not the user's
 */
public record RunTerms(String wish, int maxRetries) {}
