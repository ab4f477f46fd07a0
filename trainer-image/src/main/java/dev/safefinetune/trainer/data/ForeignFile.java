package dev.safefinetune.trainer.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a file is that is no JSONL, told by its first bytes. */
final class ForeignFile {
    /** Bytes that are enough to tell. */
    static final int HEAD = 4096;

    private static final String UNPACK = "unpack it to JSONL first";
    private static final String CONVERT = "convert it to JSONL, one JSON object a line";
    private static final String IN_UTF8 = "write it in UTF-8";

    private static final Map<String, String> MAGIC = magic();

    /** At least two column names; what stands under them is not looked at. */
    private static final String COLUMN = "\"?[\\p{L}_][\\p{L}\\p{N}_ .-]{0,63}\"?";

    private static final Pattern CSV = Pattern.compile(COLUMN + "([,;]" + COLUMN + ")+");
    private static final Pattern TSV = Pattern.compile(COLUMN + "(\t" + COLUMN + ")+");
    private static final Pattern OPENED = Pattern.compile("\\{[ \t\r]*\n");

    private ForeignFile() {}

    private static Map<String, String> magic() {
        Map<String, String> magic = new LinkedHashMap<>();
        magic.put("1f8b", "is compressed with gzip; " + UNPACK);
        magic.put("28b52ffd", "is compressed with zstd; " + UNPACK);
        magic.put("fd377a585a00", "is compressed with xz; " + UNPACK);
        magic.put("425a68", "is compressed with bzip2; " + UNPACK);
        magic.put("04224d18", "is compressed with lz4; " + UNPACK);
        magic.put("504b0304", "is a zip archive; " + UNPACK);
        magic.put("50415231", "is Parquet; " + CONVERT);
        magic.put("4152524f5731", "is Arrow; " + CONVERT);
        magic.put("53514c69746520666f726d6174203300", "is an SQLite database; " + CONVERT);
        magic.put("894844460d0a1a0a", "is HDF5; " + CONVERT);
        magic.put("fffe0000", "is UTF-32 text; " + IN_UTF8);
        magic.put("0000feff", "is UTF-32 text; " + IN_UTF8);
        magic.put("fffe", "is UTF-16 text; " + IN_UTF8);
        magic.put("feff", "is UTF-16 text; " + IN_UTF8);
        return magic;
    }

    /**
     * Looks at the first bytes of a file.
     *
     * @return what it is and what to do, beginning with a verb; empty for what may be JSONL
     */
    static Optional<String> of(byte[] head) {
        for (Map.Entry<String, String> known : MAGIC.entrySet()) {
            if (startsWith(head, HexFormat.of().parseHex(known.getKey()))) {
                return Optional.of(known.getValue());
            }
        }
        return wide(head).or(() -> text(head));
    }

    private static boolean startsWith(byte[] head, byte[] magic) {
        return head.length >= magic.length && Arrays.equals(head, 0, magic.length, magic, 0, magic.length);
    }

    /** Text of 2 or 4 bytes a character without a mark: zeros beside the first characters, which are of ASCII. */
    private static Optional<String> wide(byte[] head) {
        if (head.length < 8 || head[0] == 0 == (head[3] == 0)) {
            return Optional.empty();
        }
        boolean four = head[1] == 0 && head[2] == 0;
        boolean two = head[0] == 0 ? head[2] == 0 : head[1] == 0;
        return four || two ? Optional.of("is " + (four ? "UTF-32" : "UTF-16") + " text; " + IN_UTF8) : Optional.empty();
    }

    private static Optional<String> text(byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8)
                .replaceFirst("^\uFEFF", "")
                .stripLeading();
        String first = text.lines().findFirst().orElse("").stripTrailing();
        if (text.startsWith("[")) {
            return Optional.of("is a JSON array and not JSONL; write one JSON object a line");
        }
        if (OPENED.matcher(text).lookingAt()) {
            return Optional.of("is JSON over several lines and not JSONL; write one JSON object a line");
        }
        if (text.startsWith("version https://git-lfs")) {
            return Optional.of("is a git-lfs pointer and not the data; run git lfs pull");
        }
        if (text.startsWith("<")) {
            return Optional.of("is HTML or XML and not JSONL; was the download refused?");
        }
        if (CSV.matcher(first).matches()) {
            return Optional.of("is CSV; " + CONVERT);
        }
        return TSV.matcher(first).matches() ? Optional.of("is tab-separated text; " + CONVERT) : Optional.empty();
    }
}
