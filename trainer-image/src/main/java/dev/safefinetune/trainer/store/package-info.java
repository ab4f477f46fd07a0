/**
 * Files as they lie on disk: safetensors, model directories, digests, and directories that appear whole or not at all.
 * Nothing here knows what a tensor means.
 */
@NullMarked
package dev.safefinetune.trainer.store;

import org.jspecify.annotations.NullMarked;
