/**
 * What is to happen next, decided from facts alone.
 *
 * <p>The same facts give the same decision, today and after a restart: there is no client, clock or logger here, and
 * nothing is remembered.
 */
@NullMarked
package dev.safefinetune.operator.decide;

import org.jspecify.annotations.NullMarked;
