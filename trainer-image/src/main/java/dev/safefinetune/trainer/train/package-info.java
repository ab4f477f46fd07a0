/** Fine-tuning: the order of the data, the optimizer's walk, the gate, and the record of what happened. */
@NullMarked
package dev.safefinetune.trainer.train;

import org.jspecify.annotations.NullMarked;
