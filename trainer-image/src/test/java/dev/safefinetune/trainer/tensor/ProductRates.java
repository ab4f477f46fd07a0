package dev.safefinetune.trainer.tensor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Prints how fast this processor multiplies matrices in float32 and in bfloat16, with the trainer's own native library: the
 * bound of what a precision can gain. Processor time, medians of runs that alternate. For
 * {@code scripts/precision-figures}.
 */
final class ProductRates {
    private static final String SOURCE = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def cast(self, x: List[Tensor], type: int) -> List[Tensor]:
                return [torch.to(x[0], type), torch.to(x[1], type)]
              def multiply(self, x: List[Tensor], times: int) -> List[Tensor]:
                y = x[0]
                for i in range(times):
                  y = torch.mm(x[0], torch.t(x[1]))
                return [y]
            """;

    private static final long FLOAT32 = 6;
    private static final long BFLOAT16 = 15;
    private static final int ROUNDS = 9;
    private static final double OPERATIONS = 4e9;

    private ProductRates() {}

    /** Arguments: rows of the left matrix, then width and height of each right one. */
    public static void main(String[] arguments) {
        int[] sizes = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        try (Script script = Script.compile(SOURCE)) {
            for (int i = 1; i < sizes.length; i += 2) {
                measure(script, sizes[0], sizes[i], sizes[i + 1]);
            }
        }
    }

    private static void measure(Script script, int rows, int in, int out) {
        double operations = 2.0 * rows * in * out;
        long times = Math.max(1, Math.round(OPERATIONS / operations));
        try (Scope scope = new Scope()) {
            List<Tensor> made = List.of(random(scope, rows, in), random(scope, out, in));
            List<List<Tensor>> kinds =
                    List.of(script.call(scope, "cast", made, FLOAT32), script.call(scope, "cast", made, BFLOAT16));
            double[][] seconds = new double[kinds.size()][ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                for (int kind = 0; kind < seconds.length; kind++) {
                    double before = processorSeconds();
                    script.call(scope, "multiply", kinds.get(kind), times);
                    seconds[kind][round] = processorSeconds() - before;
                }
            }
            System.out.printf(
                    "%6d x %5d by %5d x %6d  float32 %6.1f GFLOP/s  bfloat16 %6.1f GFLOP/s%n",
                    rows, in, in, out, rate(times * operations, seconds[0]), rate(times * operations, seconds[1]));
        }
    }

    private static double rate(double operations, double[] seconds) {
        Arrays.sort(seconds);
        return operations / seconds[seconds.length / 2] / 1e9;
    }

    private static Tensor random(Scope scope, int rows, int columns) {
        Random random = new Random(1);
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return scope.of(values, rows, columns);
    }

    private static double processorSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }
}
