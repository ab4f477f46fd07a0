/** One half of a cycle. */
@NullMarked
package canary.second.room;

import org.jspecify.annotations.NullMarked;
