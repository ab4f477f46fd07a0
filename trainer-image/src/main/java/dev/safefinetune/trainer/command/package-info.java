/** The command {@code trainer}: what a pod runs, and the same steps by hand. */
@NullMarked
package dev.safefinetune.trainer.command;

import org.jspecify.annotations.NullMarked;
