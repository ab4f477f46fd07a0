@NullMarked
package dev.safefinetune.trainer.evaluate.shape;

import org.jspecify.annotations.NullMarked;
