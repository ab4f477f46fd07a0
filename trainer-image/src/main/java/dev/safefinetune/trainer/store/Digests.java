package dev.safefinetune.trainer.store;

import dev.safefinetune.contract.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * SHA-256 of files and directories.
 *
 * <p>A directory's digest is that of its <em>listing</em>: for each file a line {@code <hex digest>  <path>}, sorted by
 * path byte for byte. Names are part of it, so a renamed file changes it, and anybody can compute it:
 *
 * <pre>{@code find -L . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum}</pre>
 */
public final class Digests {
    static final Comparator<String> BYTEWISE = (a, b) ->
            java.util.Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private static final Pattern LINE = Pattern.compile("[0-9a-f]{64}  (.+)");

    private static final long CHUNK = 64L << 20;

    private Digests() {}

    /** Digest of a file's bytes. */
    public static Digest ofFile(Path file) {
        MessageDigest sha = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw TrainerException.storage("read", file, e);
        }
        return digest(sha);
    }

    /** Digest of bytes. */
    public static Digest ofBytes(byte[] bytes) {
        MessageDigest sha = sha256();
        sha.update(bytes);
        return digest(sha);
    }

    /** Digest of mapped or native memory. */
    public static Digest ofSegment(MemorySegment segment) {
        MessageDigest sha = sha256();
        for (long at = 0; at < segment.byteSize(); at += CHUNK) {
            sha.update(segment.asSlice(at, Math.min(CHUNK, segment.byteSize() - at))
                    .asByteBuffer());
        }
        return digest(sha);
    }

    /** Digest of a directory with all files in it. */
    public static Digest ofDirectory(Path directory) {
        return ofDirectory(directory, name -> true);
    }

    /**
     * Digest of some of a directory's files.
     *
     * @param included which, by path relative to the directory
     */
    public static Digest ofDirectory(Path directory, Predicate<String> included) {
        return ofBytes(listing(directory, included).getBytes(StandardCharsets.UTF_8));
    }

    /** The lines whose digest is the directory's, as {@code sha256sum} prints and checks them. */
    public static String listing(Path directory, Predicate<String> included) {
        StringBuilder lines = new StringBuilder();
        for (String name : files(directory)) {
            if (included.test(name)) {
                lines.append(line(ofFile(directory.resolve(name)), name));
            }
        }
        return lines.toString();
    }

    /** The line of a listing that is of a file. */
    static String line(Digest digest, String name) {
        return digest.value().substring("sha256:".length()) + "  " + name + "\n";
    }

    /** The lines of a listing that are of some of its files: the listing of those alone. */
    public static String part(String listing, Predicate<String> included) {
        StringBuilder lines = new StringBuilder();
        listing.lines()
                .filter(line -> name(line).filter(included).isPresent())
                .forEach(line -> lines.append(line).append('\n'));
        return lines.toString();
    }

    /** The files that a listing names; a line that is not of its form names none. */
    public static List<String> names(String listing) {
        return listing.lines().flatMap(line -> name(line).stream()).toList();
    }

    private static Optional<String> name(String line) {
        Matcher matcher = LINE.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Paths of a directory's regular files, relative to it with {@code /}, sorted byte for byte. */
    public static List<String> files(Path directory) {
        try (Stream<Path> walk = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(Files::isRegularFile)
                    .map(p -> directory.relativize(p).toString().replace('\\', '/'))
                    .sorted(BYTEWISE)
                    .toList();
        } catch (IOException e) {
            throw TrainerException.storage("list", directory, e);
        } catch (java.io.UncheckedIOException e) {
            throw TrainerException.storage("list", directory, new IOException(e.getMessage(), e));
        }
    }

    /** Copies a file to a new one and gives the digest of exactly the bytes that were written there. */
    public static Digest copy(Path from, Path to) {
        MessageDigest sha = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(from), sha);
                OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw TrainerException.storage("copy " + from + " to", to, e);
        }
        return digest(sha);
    }

    static Digest digest(MessageDigest sha) {
        return new Digest("sha256:" + HexFormat.of().formatHex(sha.digest()));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
