/** Datasets as conversations: reading, checking and splitting. Nothing here knows tokens. */
@NullMarked
package dev.safefinetune.trainer.data;

import org.jspecify.annotations.NullMarked;
