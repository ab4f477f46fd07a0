/** The embedded cluster as a whole. */
@NullMarked
package dev.safefinetune.local;

import org.jspecify.annotations.NullMarked;
