/** Intervals and tests of an evaluation. Each is held against values from scipy and statsmodels. */
@NullMarked
package dev.safefinetune.trainer.evaluate.statistics;

import org.jspecify.annotations.NullMarked;
