/** The objects that a stage consists of, built from its job spec: no client, no clock, no logger. */
@NullMarked
package dev.safefinetune.operator.plan;

import org.jspecify.annotations.NullMarked;
