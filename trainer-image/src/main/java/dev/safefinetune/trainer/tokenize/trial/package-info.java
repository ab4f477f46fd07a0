/** A tokenizer that nobody has read before, tried where it can do no harm. */
@NullMarked
package dev.safefinetune.trainer.tokenize.trial;

import org.jspecify.annotations.NullMarked;
