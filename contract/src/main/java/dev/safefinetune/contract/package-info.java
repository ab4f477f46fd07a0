/**
 * The only language that the operator and the trainer share: what a stage is to do ({@link JobSpec}), how it goes
 * ({@link Progress}) and how it ended ({@link StageResult}).
 *
 * <p>Everything here is decided: no defaults are left to fill in, and every input is pinned by its digest as soon as it
 * is known. JSON is strict in both directions ({@link ContractJson}); an unknown field is an error, because a field that
 * one side ignores is a wish that silently does not happen.
 */
@NullMarked
package dev.safefinetune.contract;

import org.jspecify.annotations.NullMarked;
