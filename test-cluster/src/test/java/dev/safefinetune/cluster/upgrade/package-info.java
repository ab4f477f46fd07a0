/** What earlier releases left on the API server, in every phase of a run, and that the present one goes on with it. */
@NullMarked
package dev.safefinetune.cluster.upgrade;

import org.jspecify.annotations.NullMarked;
