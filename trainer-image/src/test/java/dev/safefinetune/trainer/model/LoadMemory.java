package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.family.ModelConfig;
import dev.safefinetune.trainer.kernel.Architecture;
import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.store.Checkpoint;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What a checkpoint in bfloat16 takes of memory: the process's resident set before it is loaded, behind it, and behind a pass
 * that has read every weight. {@code scripts/check-load-memory} runs it.
 *
 * @param file size of the checkpoint in bytes
 * @param before resident bytes of a process that has loaded and run a tiny model
 * @param loaded resident bytes after loading
 * @param read resident bytes after a pass over one short sample
 */
record LoadMemory(long file, long before, long loaded, long read) {
    /** Most that may be resident, of the file's size. */
    private static final double MOST = 1.15;

    private static final long LARGE = 900L << 20;

    private static final int WIDTH = 1024;
    private static final int FEED = 2816;
    private static final int VOCABULARY = 32_000;

    /** Writes a checkpoint, or measures one: a process that has written it is no place to measure. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[1]);
        if (arguments[0].equals("write")) {
            write(directory, Long.parseLong(arguments[2]) << 20);
            return;
        }
        LoadMemory memory = measure(directory);
        memory.print("checkpoint in bfloat16", memory.file);
        memory.print("resident before loading", memory.before);
        memory.print("resident after loading", memory.loaded);
        memory.print("resident after a pass over all weights", memory.read);
        memory.print("of that, the checkpoint's", memory.read - memory.before);
        if (!memory.isWithin()) {
            System.err.printf(Locale.ROOT, "more than %.2f of the file's size%n", MOST);
            System.exit(1);
        }
    }

    private void print(String what, long bytes) {
        System.out.printf(Locale.ROOT, "%-40s %6d MiB %6.2f%n", what, bytes >> 20, (double) bytes / file);
    }

    /** Whether the checkpoint lies in memory once; of one that is large beside the process itself, that is all there is. */
    boolean isWithin() {
        return (double) (read - before) / file <= MOST && (file < LARGE || loaded <= MOST * file);
    }

    /** Writes a model of Llama's architecture with as many layers as fit. */
    static void write(Path directory, long bytes) throws IOException {
        long layer = 2L * (4L * WIDTH * WIDTH + 3L * WIDTH * FEED);
        int layers = (int) Math.max(1, (bytes - 4L * VOCABULARY * WIDTH) / layer);
        Files.createDirectories(directory);
        Architecture.Sizes sizes = new Architecture.Sizes(layers, WIDTH, FEED, 8, 8, WIDTH / 8);
        write(directory, sizes, VOCABULARY);
    }

    private static void write(Path directory, Architecture.Sizes sizes, int vocabulary) throws IOException {
        ModelConfig small = ModelConfig.untied(8, 8, 8, 1, 1, 256);
        ModelConfig config = new ModelConfig(
                vocabulary, 256, Architecture.llama(sizes, 1e-5, false, false, false), small.ropes(), 0.02, DType.BF16);
        Files.writeString(directory.resolve("config.json"), config.toJson());
        SplittableRandom random = new SplittableRandom(7);
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (String name : config.order().names()) {
            List<Long> shape = config.order().shapeOf(name, vocabulary);
            tensors.add(new OutgoingTensor(name, DType.BF16, shape, () -> values(shape, random)));
        }
        SafetensorsWriter.write(directory.resolve(Checkpoint.SINGLE), tensors);
    }

    private static MemorySegment values(List<Long> shape, SplittableRandom random) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        MemorySegment values = Arena.ofAuto().allocate(elements * Short.BYTES, Short.BYTES);
        for (long i = 0; i < elements; i++) {
            float value = (float) random.nextDouble(-0.05, 0.05);
            values.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToIntBits(value) >>> 16));
        }
        return values;
    }

    static LoadMemory measure(Path directory) throws IOException {
        // Libraries, compiled kernels and threads are the process's own, whatever it loads.
        Path tiny = Files.createTempDirectory("tiny");
        write(tiny, new Architecture.Sizes(1, 64, 64, 2, 2, 32), 64);
        try (CausalModel model = CausalModel.load(tiny, Precision.BFLOAT16)) {
            score(model);
        }
        for (String file : List.of("config.json", Checkpoint.SINGLE)) {
            Files.delete(tiny.resolve(file));
        }
        Files.delete(tiny);
        System.gc();
        long before = resident();
        try (CausalModel model = CausalModel.load(directory, Precision.BFLOAT16)) {
            long loaded = resident();
            score(model);
            return new LoadMemory(Files.size(directory.resolve(Checkpoint.SINGLE)), before, loaded, resident());
        }
    }

    private static void score(CausalModel model) {
        // All tokens of a small vocabulary, so that the embedding's pages that are read are few and the head's are all.
        int[] tokens = new int[64];
        Arrays.setAll(tokens, i -> i);
        boolean[] answer = new boolean[tokens.length];
        answer[tokens.length - 1] = true;
        double loss = model.score(List.of(EncodedSample.of(0, tokens, answer)), 64)
                .getFirst()
                .loss();
        if (!Double.isFinite(loss)) {
            throw new IllegalStateException("the pass gave " + loss);
        }
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }
}
