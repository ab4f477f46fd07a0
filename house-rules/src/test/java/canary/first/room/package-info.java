/** One half of a cycle. */
@NullMarked
package canary.first.room;

import org.jspecify.annotations.NullMarked;
