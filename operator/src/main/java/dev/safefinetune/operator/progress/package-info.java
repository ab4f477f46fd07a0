/**
 * How far a stage is, from its own pod: an HTTP endpoint that believes nobody whom the API server does not vouch for.
 *
 * <p>What comes in here is shown and nothing else. No decision rests on it, and a verdict is never taken from it.
 */
@NullMarked
package dev.safefinetune.operator.progress;

import org.jspecify.annotations.NullMarked;
