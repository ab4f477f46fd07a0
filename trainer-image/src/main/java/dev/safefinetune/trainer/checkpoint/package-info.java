/**
 * What lets a process go on where another was ended: durable checkpoints, when one is due, and the wish to end. A
 * checkpoint belongs to one run, lies on its scratch volume and never leaves it.
 */
@NullMarked
package dev.safefinetune.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
