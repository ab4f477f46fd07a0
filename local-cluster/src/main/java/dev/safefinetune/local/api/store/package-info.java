/** All objects, in memory and as one file each, and the log of their changes that watches read. */
@NullMarked
package dev.safefinetune.local.api.store;

import org.jspecify.annotations.NullMarked;
