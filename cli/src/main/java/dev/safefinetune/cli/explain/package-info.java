/** {@code safe-fine-tune explain}: the policies of a namespace in plain words. */
@NullMarked
package dev.safefinetune.cli.explain;

import org.jspecify.annotations.NullMarked;
