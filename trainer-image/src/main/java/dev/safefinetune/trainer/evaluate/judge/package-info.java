/** A judge model: what it is asked of an answer, and how its own answer is read. */
@NullMarked
package dev.safefinetune.trainer.evaluate.judge;

import org.jspecify.annotations.NullMarked;
