/** Breaks the rules of the house on purpose, so that each rule is seen red. */
@NullMarked
package canary.contract;

import org.jspecify.annotations.NullMarked;
