/** Which of several operators acts: the holder of a Lease, told without trust in anybody's clock. */
@NullMarked
package dev.safefinetune.operator.lead;

import org.jspecify.annotations.NullMarked;
