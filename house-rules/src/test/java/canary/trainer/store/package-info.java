/** Breaks the rules of the house on purpose, so that each rule is seen red. */
@NullMarked
package canary.trainer.store;

import org.jspecify.annotations.NullMarked;
