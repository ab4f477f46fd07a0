/** Native tensors with a visible lifetime, and the one door to the native library. */
@NullMarked
package dev.safefinetune.trainer.tensor;

import org.jspecify.annotations.NullMarked;
