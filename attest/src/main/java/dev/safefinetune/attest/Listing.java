package dev.safefinetune.attest;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.PublishedFiles;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files with their digests: for each a line {@code <hex digest>  <path>}, sorted by path byte for byte, as the trainer
 * writes it and {@code sha256sum -c} checks it. The same files have one text.
 *
 * @param files SHA-256 in hexadecimal digits by path
 */
public record Listing(SortedMap<String, String> files) {
    private static final Comparator<String> BYTEWISE =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (.+)");

    public Listing {
        SortedMap<String, String> sorted = new TreeMap<>(BYTEWISE);
        sorted.putAll(files);
        files = Collections.unmodifiableSortedMap(sorted);
    }

    public static Listing of(Map<String, String> files) {
        return new Listing(new TreeMap<>(files));
    }

    /**
     * Reads a listing.
     *
     * @throws AttestException where the text is not the one that its files have
     */
    public static Listing parse(String text) throws AttestException {
        SortedMap<String, String> files = new TreeMap<>(BYTEWISE);
        for (String line : text.split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                files.put(matcher.group(2), matcher.group(1));
            }
        }
        Listing read = new Listing(files);
        if (!read.text().equals(text)) {
            throw new AttestException("it is not a sorted list of lines '<sha256>  <path>', each path once");
        }
        return read;
    }

    /** The lines. */
    public String text() {
        StringBuilder lines = new StringBuilder();
        files.forEach((name, hex) -> lines.append(line(name, hex)));
        return lines.toString();
    }

    private static String line(String name, String hex) {
        return hex + "  " + name + "\n";
    }

    /** Digest of the lines. */
    public Digest digest() {
        return digestOf(text());
    }

    /** Digest of the model's files alone: the same where it is published, and where it is the base of another run. */
    public Digest modelDigest() {
        return only(PublishedFiles::isModelFile).digest();
    }

    /** Some of the files. */
    public Listing only(Predicate<String> included) {
        SortedMap<String, String> some = new TreeMap<>(BYTEWISE);
        files.forEach((name, hex) -> {
            if (included.test(name)) {
                some.put(name, hex);
            }
        });
        return new Listing(some);
    }

    /** These and one more. */
    public Listing with(String name, String content) {
        SortedMap<String, String> more = new TreeMap<>(files);
        more.put(name, Sha256.hex(content.getBytes(StandardCharsets.UTF_8)));
        return new Listing(more);
    }

    static Digest digestOf(String text) {
        return new Digest("sha256:" + Sha256.hex(text.getBytes(StandardCharsets.UTF_8)));
    }
}
