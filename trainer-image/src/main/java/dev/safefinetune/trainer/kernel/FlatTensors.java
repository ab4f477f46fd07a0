package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Tensor;
import java.util.List;

/**
 * Many parameters in one piece of memory, so that clipping and the optimizer touch one tensor and not hundreds.
 *
 * @param flat all elements, {@code [P]}
 * @param views each parameter as a view of it, in the order of the shapes asked for
 */
public record FlatTensors(Tensor flat, List<Tensor> views) {

    /** New parameters, zero. */
    public static FlatTensors zeros(Kernels kernels, Scope scope, List<long[]> shapes) {
        int[] rows = new int[shapes.size()];
        int[] columns = new int[shapes.size()];
        long at = 0;
        for (int i = 0; i < rows.length; i++) {
            long[] shape = shapes.get(i);
            rows[i] = Math.toIntExact(shape[0]);
            columns[i] = shape.length == 1 ? 0 : Math.toIntExact(shape[1]);
            at += rows[i] * Math.max(1L, columns[i]);
        }
        Tensor flat = kernels.zeros(scope, at);
        return new FlatTensors(flat, kernels.views(scope, flat, rows, columns));
    }

    /** New parameters with the values of others. */
    public static FlatTensors copyOf(Kernels kernels, Scope scope, List<Tensor> tensors) {
        FlatTensors flat =
                zeros(kernels, scope, tensors.stream().map(Tensor::shape).toList());
        kernels.copy(flat.views(), tensors);
        return flat;
    }
}
