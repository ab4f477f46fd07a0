/** What the operator's runs meet on a bare API server: a team's namespace, and Jobs whose pods end by a script. */
@NullMarked
package dev.safefinetune.cluster.world;

import org.jspecify.annotations.NullMarked;
