/** The chart: what it renders, what it refuses, and what becomes of a real API server that it is installed on. */
@NullMarked
package dev.safefinetune.cluster.chart;

import org.jspecify.annotations.NullMarked;
