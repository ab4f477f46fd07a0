/** Tests of a judge model. */
@NullMarked
package dev.safefinetune.trainer.evaluate.judge;

import org.jspecify.annotations.NullMarked;
