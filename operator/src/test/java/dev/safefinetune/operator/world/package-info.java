/** What the operator's tests run against: an API server, and pods that end as a test wishes. */
@NullMarked
package dev.safefinetune.operator.world;

import org.jspecify.annotations.NullMarked;
