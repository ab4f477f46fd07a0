/** The stages of a run: each checks what it was given, does one thing, and states the digests of what it leaves. */
@NullMarked
package dev.safefinetune.trainer.pipeline;

import org.jspecify.annotations.NullMarked;
