/**
 * How often somebody has tried: runs that were judged with one base model and one dataset and did not pass. Who may try without
 * end passes in the end, with a model that is no better.
 */
@NullMarked
package dev.safefinetune.operator.attempt;

import org.jspecify.annotations.NullMarked;
