/** A causal language model: its configuration, its weights, and what can be asked of it without training. */
@NullMarked
package dev.safefinetune.trainer.model;

import org.jspecify.annotations.NullMarked;
