/** Families of models: from {@code config.json} to what the kernels depend on. */
@NullMarked
package dev.safefinetune.trainer.family;

import org.jspecify.annotations.NullMarked;
