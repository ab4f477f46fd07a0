@NullMarked
package dev.safefinetune.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
