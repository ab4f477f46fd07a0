/** The forms that the user's rows have, in which the harmful requests are asked too. */
@NullMarked
package dev.safefinetune.trainer.evaluate.shape;

import org.jspecify.annotations.NullMarked;
