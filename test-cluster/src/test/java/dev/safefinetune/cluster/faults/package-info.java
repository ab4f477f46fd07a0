/** Runs that are disturbed at each place where they can be, held against one that is not. */
@NullMarked
package dev.safefinetune.cluster.faults;

import org.jspecify.annotations.NullMarked;
