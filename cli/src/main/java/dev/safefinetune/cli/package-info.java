/** The command {@code safe-fine-tune}. */
@NullMarked
package dev.safefinetune.cli;

import org.jspecify.annotations.NullMarked;
