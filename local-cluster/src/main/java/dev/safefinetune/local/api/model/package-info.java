/** Kinds, keys, selectors and faults: the words in which the rest of the API server speaks. */
@NullMarked
package dev.safefinetune.local.api.model;

import org.jspecify.annotations.NullMarked;
