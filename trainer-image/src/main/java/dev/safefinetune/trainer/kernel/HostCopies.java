package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Tensors' bytes for whoever writes them down, one tensor at a time: of those on a GPU never more than one lies in this
 * machine's memory.
 */
public final class HostCopies implements AutoCloseable {
    private final Kernels kernels;
    private Scope current = new Scope();

    public HostCopies(Kernels kernels) {
        this.kernels = kernels;
    }

    /** A tensor's bytes, valid until the next one is asked for or this closes. */
    public MemorySegment of(Tensor tensor) {
        current.close();
        current = new Scope();
        return kernels.memory(current, tensor);
    }

    @Override
    public void close() {
        current.close();
    }
}
