package dev.safefinetune.trainer.tensor;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.jni.NativeDoor;
import ai.djl.util.cuda.CudaUtils;
import dev.safefinetune.trainer.store.TrainerException;
import java.lang.management.MemoryUsage;
import java.util.Arrays;
import java.util.Optional;

/** The GPUs that this process sees. */
public final class Gpus {
    private static final String TRIAL = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def forward(self) -> List[Tensor]:
                return [torch.mul_(torch.full([2], 2.0, dtype=6, device=torch.device("%s")), 2.0)]
            """;

    private Gpus() {}

    /** How many there are; 0 where there is no driver. */
    public static int count() {
        return CudaUtils.getGpuCount();
    }

    /** Version of CUDA's runtime library, such as {@code 128}; none where the process does not find it. */
    public static String runtime() {
        try {
            return CudaUtils.getCudaVersionString();
        } catch (IllegalStateException e) {
            return "none";
        }
    }

    /** Memory of a GPU that nobody holds, in bytes; what the library keeps for later use is given back first. */
    public static long freeBytes(Device gpu) {
        NativeDoor.emptyCache();
        MemoryUsage usage = CudaUtils.getGpuMemory(ai.djl.Device.gpu(gpu.index()));
        return usage.getMax() - usage.getUsed();
    }

    /** Computes something on a GPU; gives what went wrong. */
    public static Optional<String> trial(Device gpu) {
        String source = TRIAL.formatted(gpu.text());
        try (Script script = Script.compile(source);
                Scope scope = new Scope()) {
            float[] found = script.call(scope, "forward").getFirst().floats();
            return Arrays.equals(found, new float[] {4, 4})
                    ? Optional.empty()
                    : Optional.of("2 + 2 is " + Arrays.toString(found));
        } catch (EngineException | TrainerException e) {
            return Optional.of(
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /** Gives memory of GPUs back that the library keeps for later use; without GPUs it does nothing. */
    public static void emptyCache() {
        if (count() > 0) {
            NativeDoor.emptyCache();
        }
    }
}
