/** Decisions carried out on the API server: creation under names that never change, and nothing re-applied. */
@NullMarked
package dev.safefinetune.operator.apply;

import org.jspecify.annotations.NullMarked;
