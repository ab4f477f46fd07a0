package dev.safefinetune.cli.run;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Keeps two commands from using one state directory at the same time; marks the directory as ours as well. */
final class StateLock implements AutoCloseable {
    private static final String FILE = "safe-fine-tune.lock";

    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Somebody else uses the directory. */
    static final class TakenException extends Exception {
        private static final long serialVersionUID = 1L;

        TakenException(String message) {
            super(message);
        }
    }

    static StateLock take(Path directory) throws IOException, TakenException {
        requireOurs(directory);
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new TakenException("another safe-fine-tune run uses " + directory);
        }
        return new StateLock(channel);
    }

    /**
     * Refuses a directory that holds something else: it would be mixed up with it, or deleted.
     *
     * @throws TakenException naming the directory
     */
    static void requireOurs(Path directory) throws IOException, TakenException {
        if (!Files.exists(directory) || Files.exists(directory.resolve(FILE))) {
            return;
        }
        try (Stream<Path> inside = Files.list(directory)) {
            if (inside.findAny().isPresent()) {
                throw new TakenException(directory + " is not empty and is not a state directory of safe-fine-tune");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
