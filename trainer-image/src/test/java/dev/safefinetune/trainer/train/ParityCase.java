package dev.safefinetune.trainer.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** One folder of {@code src/test/resources/parity}: what transformers, PEFT and torch computed. */
public final class ParityCase {
    /** The one case in bfloat16: logits, losses and merged weights only. */
    public static final String BFLOAT16 = "gqa-bf16";

    private static final Path ROOT = Path.of("src/test/resources/parity");

    private final Path folder;
    private final JsonNode values;
    private final JsonNode batches;
    private final JsonNode header;
    private final ByteBuffer data;

    /** A tensor of the fixture file, whose names have slashes that the strict reader of checkpoints refuses. */
    public record Fixture(String dtype, List<Long> shape, ByteBuffer bytes) {}

    private ParityCase(Path folder) throws IOException {
        JsonMapper json = JsonMapper.builder().build();
        this.folder = folder;
        this.values = json.readTree(folder.resolve("expected.json").toFile());
        this.batches = json.readTree(folder.resolve("batches.json").toFile());
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("expected.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        byte[] text = new byte[Math.toIntExact(file.getLong())];
        file.get(text);
        this.header = json.readTree(new String(text, StandardCharsets.UTF_8));
        this.data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Names of all cases. */
    public static Stream<String> all() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(Files::isDirectory).map(f -> f.getFileName().toString()).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ParityCase open(String name) {
        try {
            return new ParityCase(ROOT.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the checkpoint's {@code config.json} names. */
    public String architecture() {
        try {
            return JsonMapper.builder()
                    .build()
                    .readTree(checkpoint().resolve("config.json").toFile())
                    .path("architectures")
                    .path(0)
                    .asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path checkpoint() {
        return folder.resolve("checkpoint");
    }

    public Path adapter() {
        return folder.resolve("adapter");
    }

    public JsonNode values() {
        return values;
    }

    /** The samples of one batch. */
    public List<EncodedSample> batch(int index) {
        JsonNode tokens = batches.path(index).path("tokens");
        JsonNode labels = batches.path(index).path("labels");
        List<EncodedSample> samples = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            int[] ids = new int[tokens.path(i).size()];
            boolean[] answer = new boolean[ids.length];
            for (int j = 0; j < ids.length; j++) {
                ids[j] = tokens.path(i).path(j).intValue();
                answer[j] = labels.path(i).path(j).intValue() == 1;
            }
            samples.add(EncodedSample.of(i, ids, answer));
        }
        return samples;
    }

    public Fixture stored(String name) {
        JsonNode entry = header.path(name);
        if (entry.isMissingNode()) {
            throw new IllegalArgumentException("no fixture " + name);
        }
        List<Long> shape = new ArrayList<>();
        entry.path("shape").forEach(n -> shape.add(n.longValue()));
        int begin = entry.path("data_offsets").path(0).intValue();
        int end = entry.path("data_offsets").path(1).intValue();
        ByteBuffer bytes = data.slice(begin, end - begin).order(ByteOrder.LITTLE_ENDIAN);
        return new Fixture(entry.path("dtype").asText(), shape, bytes);
    }

    public float[] floats(String name) {
        FloatBuffer buffer = stored(name).bytes().asFloatBuffer();
        float[] found = new float[buffer.remaining()];
        buffer.get(found);
        return found;
    }

    /** Names of fixtures under a prefix, without it. */
    public List<String> under(String prefix) {
        List<String> names = new ArrayList<>();
        header.fieldNames().forEachRemaining(n -> {
            if (n.startsWith(prefix)) {
                names.add(n.substring(prefix.length()));
            }
        });
        return names;
    }

    /** Largest difference, relative to the largest magnitude of the expected values. */
    public static double relativeError(float[] found, float[] expected) {
        return relativeError(found, expected, 1);
    }

    /** The difference that a share of the elements does not exceed, relative to the largest magnitude of the expected values. */
    static double relativeError(float[] found, float[] expected, double share) {
        if (found.length != expected.length) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 1e-30;
        double[] differences = new double[found.length];
        for (int i = 0; i < found.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            differences[i] = Math.abs((double) found[i] - expected[i]);
        }
        Arrays.sort(differences);
        return differences[(int) Math.ceil(share * found.length) - 1] / largest;
    }
}
