/** The arithmetic of a model family as TorchScript source, written by Java for one configuration and loaded at run time. */
@NullMarked
package dev.safefinetune.trainer.kernel;

import org.jspecify.annotations.NullMarked;
