package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tensor.Script;
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
    public static FlatTensors zeros(Script script, Scope scope, List<long[]> shapes) {
        int[] offsets = new int[shapes.size()];
        int[] rows = new int[shapes.size()];
        int[] columns = new int[shapes.size()];
        long at = 0;
        for (int i = 0; i < offsets.length; i++) {
            long[] shape = shapes.get(i);
            offsets[i] = Math.toIntExact(at);
            rows[i] = Math.toIntExact(shape[0]);
            columns[i] = shape.length == 1 ? 0 : Math.toIntExact(shape[1]);
            at += rows[i] * Math.max(1L, columns[i]);
        }
        Tensor flat = script.call(scope, "zeros", at).getFirst();
        return new FlatTensors(flat, script.call(scope, "views", List.of(flat), offsets, rows, columns));
    }

    /** New parameters with the values of others. */
    public static FlatTensors copyOf(Script script, Scope scope, List<Tensor> tensors) {
        FlatTensors flat =
                zeros(script, scope, tensors.stream().map(Tensor::shape).toList());
        script.call(scope, "copy", flat.views(), tensors);
        return flat;
    }
}
