package dev.safefinetune.trainer.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.contract.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The header of a safetensors file, checked against the length of the data behind it.
 *
 * @param dataStart where the data begins, from the start of the file
 * @param entries in the order of their data
 * @param metadata {@code __metadata__}
 */
record SafetensorsHeader(long dataStart, List<Entry> entries, Map<String, String> metadata) {
    /** Longest header read: a 77 MiB header of empty tensors costs the reference reader 14 s and 1.6 GB. */
    static final int MAX_BYTES = 8 << 20;

    static final int MAX_TENSORS = 100_000;
    private static final int MAX_DIMENSIONS = 16;
    private static final String METADATA = "__metadata__";

    /** Module paths as they occur in checkpoints; no separators, no blanks, nothing that a file name could be. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.\\-]{0,511}");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxStringLength(1 << 16)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * One tensor.
     *
     * @param begin of its bytes, from the start of the data
     * @param end after its last byte
     */
    record Entry(String name, DType dtype, List<Long> shape, long begin, long end) {}

    SafetensorsHeader {
        entries = List.copyOf(entries);
        metadata = Map.copyOf(metadata);
    }

    /** Parses and checks a header that is followed by {@code dataLength} bytes. */
    static SafetensorsHeader parse(Path file, byte[] json, long dataLength) {
        if (json[0] != '{') {
            throw invalid(file, "has a header that does not start with '{'");
        }
        JsonNode root = tree(file, json);
        if (root.size() > MAX_TENSORS + 1) {
            throw invalid(file, "has " + root.size() + " tensors, allowed are " + MAX_TENSORS);
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new HashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals(METADATA)) {
                readMetadata(file, field.getValue(), metadata);
            } else {
                entries.add(entry(file, field.getKey(), field.getValue()));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        checkLayout(file, entries, dataLength);
        return new SafetensorsHeader(Long.BYTES + (long) json.length, entries, metadata);
    }

    private static JsonNode tree(Path file, byte[] json) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            JsonNode root = JSON.readTree(text);
            if (!root.isObject()) {
                throw invalid(file, "has a header that is not a JSON object");
            }
            return root;
        } catch (CharacterCodingException e) {
            throw invalid(file, "has a header that is not UTF-8");
        } catch (JsonProcessingException e) {
            String reason = e.getOriginalMessage();
            throw invalid(
                    file,
                    reason.startsWith("Duplicate field")
                            ? "names a tensor twice (" + reason + ")"
                            : "has a header that is not JSON (" + firstLine(reason) + ")");
        }
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private static void readMetadata(Path file, JsonNode node, Map<String, String> metadata) {
        if (!node.isObject()) {
            throw invalid(file, "has " + METADATA + " that is not an object");
        }
        node.properties().forEach(e -> {
            if (!e.getValue().isTextual()) {
                throw invalid(file, "has " + METADATA + " with a value that is not a string");
            }
            metadata.put(e.getKey(), e.getValue().textValue());
        });
    }

    private static Entry entry(Path file, String name, JsonNode node) {
        if (!NAME.matcher(name).matches()) {
            throw invalid(file, "has a tensor with a name that is no module path: " + printable(name));
        }
        if (!node.isObject() || node.size() != 3) {
            throw invalid(file, "tensor " + name + " must have exactly dtype, shape and data_offsets");
        }
        String type = node.path("dtype").asText("");
        DType dtype = DType.named(type)
                .orElseThrow(() -> invalid(file, "tensor " + name + " has an unknown dtype " + printable(type)));
        List<Long> shape = longs(file, name, "shape", node.path("shape"), MAX_DIMENSIONS);
        List<Long> offsets = longs(file, name, "data_offsets", node.path("data_offsets"), 2);
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw invalid(file, "tensor " + name + " has data_offsets " + offsets + " that are no range");
        }
        checkLength(file, name, dtype, shape, offsets.get(1) - offsets.get(0));
        return new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
    }

    private static List<Long> longs(Path file, String name, String field, JsonNode node, int most) {
        if (!node.isArray() || node.size() > most) {
            throw invalid(file, "tensor " + name + " has a " + field + " that is not a list of at most " + most);
        }
        List<Long> values = new ArrayList<>(node.size());
        for (JsonNode n : node) {
            if (!n.isIntegralNumber() || !n.canConvertToLong() || n.longValue() < 0) {
                throw invalid(file, "tensor " + name + " has a " + field + " that is no whole number from 0 to 2^63-1");
            }
            values.add(n.longValue());
        }
        return values;
    }

    private static void checkLength(Path file, String name, DType dtype, List<Long> shape, long bytes) {
        try {
            long expected = shape.contains(0L) ? 0 : dtype.bytes();
            for (long dimension : expected == 0 ? List.<Long>of() : shape) {
                expected = Math.multiplyExact(expected, dimension);
            }
            if (expected != bytes) {
                throw invalid(
                        file,
                        "tensor " + name + " of " + dtype + shape + " needs " + expected
                                + " bytes, its data_offsets give " + bytes);
            }
        } catch (ArithmeticException e) {
            throw invalid(file, "tensor " + name + " has a shape " + shape + " whose size overflows");
        }
    }

    private static void checkLayout(Path file, List<Entry> entries, long dataLength) {
        long at = 0;
        for (Entry e : entries) {
            if (e.begin() < at) {
                throw invalid(file, "tensor " + e.name() + " overlaps the one before it at byte " + e.begin());
            }
            if (e.begin() > at) {
                throw invalid(file, "has a hole of " + (e.begin() - at) + " bytes before tensor " + e.name());
            }
            at = e.end();
        }
        if (at > dataLength) {
            throw invalid(file, "is truncated: its tensors need " + at + " bytes, the file has " + dataLength);
        }
        if (at < dataLength) {
            throw invalid(file, "has " + (dataLength - at) + " bytes after its last tensor");
        }
    }

    private static String printable(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return '"' + shown.replaceAll("[^ -~…]", "?") + '"';
    }

    static TrainerException invalid(Path file, String what) {
        return new TrainerException(Fault.MODEL_INVALID, file + " " + what);
    }
}
