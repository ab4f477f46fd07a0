/**
 * Facts about one resource, gathered from the API server in one go.
 *
 * <p>The records here are all that a decision sees: no client, no clock. Time is one of the facts.
 */
@NullMarked
package dev.safefinetune.operator.observe;

import org.jspecify.annotations.NullMarked;
