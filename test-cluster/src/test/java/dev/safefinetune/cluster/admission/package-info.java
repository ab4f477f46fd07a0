/** The chart's admission policies: a corpus of requests that they judge, and each of their conditions seen to matter. */
@NullMarked
package dev.safefinetune.cluster.admission;

import org.jspecify.annotations.NullMarked;
