package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Script;
import dev.safefinetune.trainer.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;

/** What is done to parameters: the methods of {@code parameters.py.ftl}. */
public abstract sealed class ParameterKernels permits Kernels {
    final Script script;

    ParameterKernels(Script script) {
        this.script = script;
    }

    /**
     * Maps a file as a tensor.
     *
     * @param type libtorch's number of the element type
     */
    public Tensor mapped(Scope scope, String path, long type, long elements) {
        return script.call(scope, "mapped", path, type, elements).getFirst();
    }

    /**
     * A part of a mapped file in a precision, on the kernels' device: on processors a view of it where the file has that
     * element type.
     */
    public Tensor part(Scope scope, Tensor file, long offset, int[] shape, int[] stride, Precision as) {
        return script.call(scope, "part", List.of(file), offset, shape, stride, (long) as.type())
                .getFirst();
    }

    /** Zeros, {@code [n]}. */
    Tensor zeros(Scope scope, long n) {
        return script.call(scope, "zeros", n).getFirst();
    }

    /** Parts of a flat tensor, one after the other; columns 0 for a vector. */
    List<Tensor> views(Scope scope, Tensor flat, int[] rows, int[] columns) {
        return script.call(scope, "views", List.of(flat), rows, columns);
    }

    /** Rounds to a precision; the tensor itself where it has it already. */
    public Tensor in(Scope scope, Tensor tensor, Precision as) {
        return cast(scope, tensor, as.type());
    }

    /** Sets a tensor to zero. */
    public void zero(Tensor tensor) {
        try (Scope scope = new Scope()) {
            script.call(scope, "zero", List.of(tensor));
        }
    }

    /** Adds gradients that were gathered elsewhere, perhaps on another device, and sets those to zero. */
    public void gather(Tensor to, Tensor from) {
        try (Scope scope = new Scope()) {
            script.call(scope, "gather", List.of(to), List.of(from));
        }
    }

    /** Copies values into tensors of the same shapes, also of another device, rounding where these are of another precision. */
    public void copy(List<Tensor> to, List<Tensor> from) {
        try (Scope scope = new Scope()) {
            script.call(scope, "copy", to, from);
        }
    }

    /**
     * Stacks the factors of several adapters, those of one slot after each other.
     *
     * @param a of all adapters slot by slot; empty where one does not touch a layer
     * @param scales of each
     * @param adapters how many there are
     */
    public Factors stack(Scope scope, List<Tensor> a, List<Tensor> b, double[] scales, int adapters) {
        List<Tensor> stacked = script.call(scope, "stack", a, b, scales, (long) adapters);
        int slots = stacked.size() / 2;
        return new Factors(stacked.subList(0, slots), stacked.subList(slots, stacked.size()));
    }

    /** W + scale · B·A. */
    public Tensor merged(Scope scope, Tensor weight, Tensor a, Tensor b, double scale) {
        return script.call(scope, "merged", List.of(weight), List.of(a), List.of(b), scale)
                .getFirst();
    }

    /**
     * Rounds to another element type.
     *
     * @param type libtorch's number of it
     */
    public Tensor cast(Scope scope, Tensor tensor, long type) {
        return script.call(scope, "cast", List.of(tensor), type).getFirst();
    }

    /** Euclidean norm of each tensor. */
    public float[] norms(List<Tensor> tensors) {
        try (Scope scope = new Scope()) {
            return script.call(scope, "norms", tensors).getFirst().floats();
        }
    }

    /** Frobenius norm of each product B·A. */
    public float[] productNorms(List<Tensor> a, List<Tensor> b) {
        try (Scope scope = new Scope()) {
            return script.call(scope, "product_norms", a, b).getFirst().floats();
        }
    }

    /** Multiplies each tensor in place. */
    public void scale(List<Tensor> tensors, double[] by) {
        try (Scope scope = new Scope()) {
            script.call(scope, "scale", tensors, by);
        }
    }

    /**
     * A step of AdamW (Loshchilov and Hutter, arXiv 1711.05101), after which the gradients are zero.
     *
     * @param values flat parameters
     * @param gradients of them, multiplied with {@code shrink} before
     * @param first moments
     * @param second moments
     * @param step steps so far
     */
    public void adamw(
            Tensor values,
            Tensor gradients,
            Tensor first,
            Tensor second,
            Tensor step,
            double rate,
            double beta1,
            double beta2,
            double decay,
            double epsilon,
            double shrink) {
        try (Scope scope = new Scope()) {
            script.call(
                    scope,
                    "adamw",
                    List.of(values),
                    List.of(gradients),
                    List.of(first),
                    List.of(second),
                    List.of(step),
                    rate,
                    beta1,
                    beta2,
                    decay,
                    epsilon,
                    shrink);
        }
    }

    /**
     * The bytes of a contiguous tensor, of any size: where it lies on the host they are its own, valid while it is, else those of
     * a copy.
     *
     * @param owner of the copy
     */
    public MemorySegment memory(Scope owner, Tensor tensor) {
        if (tensor.elements() == 0) {
            return MemorySegment.NULL;
        }
        if (!tensor.isOnHost()) {
            return memory(owner, script.call(owner, "home", List.of(tensor)).getFirst());
        }
        try (Scope scope = new Scope()) {
            // A direct buffer ends at 2 GiB: only its address is used.
            ByteBuffer first = script.call(scope, "span", List.of(tensor), 0L, 1L)
                    .getFirst()
                    .bytes();
            return MemorySegment.ofAddress(MemorySegment.ofBuffer(first).address())
                    .reinterpret(tensor.elements() * tensor.width());
        }
    }
}
