/**
 * The operator: observe → decide → apply → report, for SafeFineTune and SecurityVector.
 *
 * <p>Nothing is kept in memory that is not on the API server, so a restart at any point changes nothing.
 */
@NullMarked
package dev.safefinetune.operator;

import org.jspecify.annotations.NullMarked;
