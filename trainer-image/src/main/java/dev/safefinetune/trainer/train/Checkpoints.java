package dev.safefinetune.trainer.train;

import dev.safefinetune.trainer.kernel.Kernels;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where a training keeps its state, so that another process can go on with it. Called on the training thread, with the
 * values and moments of a whole number of steps.
 */
public interface Checkpoints {
    /** Nothing is kept, and nobody asks for an end. */
    Checkpoints NONE = new Checkpoints() {
        @Override
        public Optional<TrainingState> begin(List<Memory> tensors) {
            return Optional.empty();
        }

        @Override
        public void reached(Supplier<TrainingState> state, List<Memory> tensors) {}

        @Override
        public void ended(Supplier<TrainingState> state, List<Memory> tensors) {}

        @Override
        public boolean isEndWished() {
            return false;
        }
    };

    /**
     * A flat float32 tensor that a training remembers.
     *
     * @param name in the checkpoint
     * @param kernels of the device that it lies on
     */
    record Memory(String name, Kernels kernels, Tensor tensor) {
        /** Bytes of all of its elements. */
        long bytes() {
            return tensor.elements() * Float.BYTES;
        }

        /** Gives it other values. */
        void set(MemorySegment content) {
            try (Scope scope = new Scope()) {
                if (tensor.isOnHost()) {
                    kernels.memory(scope, tensor).copyFrom(content);
                    return;
                }
                Tensor values = scope.filled(memory -> memory.copyFrom(content), tensor.shape());
                kernels.copy(List.of(tensor), List.of(values));
            }
        }
    }

    /**
     * Before the first step: gives what an earlier process left, after its tensors were copied into these.
     *
     * @throws dev.safefinetune.trainer.checkpoint.TrainingInterrupted where the process is to end
     */
    Optional<TrainingState> begin(List<Memory> tensors);

    /**
     * After a step, or after one that was given up because the process is to end: saves if it is time to.
     *
     * @throws dev.safefinetune.trainer.checkpoint.TrainingInterrupted after saving, where the process is to end
     */
    void reached(Supplier<TrainingState> state, List<Memory> tensors);

    /**
     * After the last step.
     *
     * @throws dev.safefinetune.trainer.checkpoint.TrainingInterrupted as {@link #reached}
     */
    void ended(Supplier<TrainingState> state, List<Memory> tensors);

    /** Asked between two micro-batches: whether the step is to be given up. */
    boolean isEndWished();
}
