/** What people and pods do to a run that they should not: each ends with a reason on the resource, or changes nothing. */
@NullMarked
package dev.safefinetune.cluster.input;

import org.jspecify.annotations.NullMarked;
