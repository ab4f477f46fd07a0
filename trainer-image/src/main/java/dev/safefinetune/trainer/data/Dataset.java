package dev.safefinetune.trainer.data;

import java.util.List;

/**
 * Samples in the order of their file.
 *
 * @param name the file, for messages
 * @param samples at least one
 */
public record Dataset(String name, List<Sample> samples) {
    public Dataset {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(name + " has no samples");
        }
    }

    /** Whether its samples are plain texts; a file has one form. */
    public boolean isText() {
        return samples.getFirst().isText();
    }

    /** Number of samples. */
    public int size() {
        return samples.size();
    }
}
