/**
 * Judges a fine-tuned model from its answers alone: margins, greedy answers, old and new tasks, with intervals. A judge model
 * may make it stricter. No network. Whatever goes wrong here means not verified.
 */
@NullMarked
package dev.safefinetune.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
