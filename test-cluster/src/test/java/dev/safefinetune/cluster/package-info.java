/** What only a real API server can tell: whether it takes the CRDs, and whether the embedded judge says the same as it. */
@NullMarked
package dev.safefinetune.cluster;

import org.jspecify.annotations.NullMarked;
