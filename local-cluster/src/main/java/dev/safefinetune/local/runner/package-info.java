/**
 * What a node and the controllers of a cluster do, on this machine: Jobs become pods, pods become child processes, claims
 * become directories. A client of the API like any other.
 *
 * <p>What it cannot do: read-only mounts are not enforced, users and capabilities are those of this process, and a GPU
 * that is asked for is granted whether there is one or not.
 */
@NullMarked
package dev.safefinetune.local.runner;

import org.jspecify.annotations.NullMarked;
