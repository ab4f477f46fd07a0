/**
 * Whether what a resource asks for is acceptable: pure checks over specs and policies, the same for the operator before each
 * stage and for {@code safe-fine-tune validate}.
 */
@NullMarked
package dev.safefinetune.checks;

import org.jspecify.annotations.NullMarked;
