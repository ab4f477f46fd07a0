package dev.safefinetune.trainer.checkpoint;

import java.time.Instant;

/**
 * What a checkpoint says of itself.
 *
 * @param format of the files beside it; another one is not read
 * @param run whose it is
 * @param name its own name, so that a copy under another one is noticed
 * @param writtenAt when the state was taken
 */
record CheckpointHead(int format, RunKey run, String name, Instant writtenAt) {
    static final int FORMAT = 1;
}
