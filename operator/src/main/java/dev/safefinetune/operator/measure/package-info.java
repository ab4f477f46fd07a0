/**
 * Figures for Prometheus. What happened to a run is counted where its status was written, by the replica that wrote it, so
 * that nothing is counted twice however often operators start; no figure bears a resource's name. docs/metrics.md lists all.
 */
@NullMarked
package dev.safefinetune.operator.measure;

import org.jspecify.annotations.NullMarked;
