package dev.safefinetune.trainer.kernel;

import dev.safefinetune.trainer.tensor.Script;

/** The kernels of one architecture, compiled. */
public final class Kernels {
    private Kernels() {}

    /** Writes the source for an architecture and compiles it; takes some milliseconds. */
    public static Script compile(Architecture architecture) {
        return Script.compile(source(architecture));
    }

    static String source(Architecture a) {
        WeightOrder order = new WeightOrder(a);
        String methods = LayerSource.BLOCKS
                + LayerSource.FORWARD
                + LayerSource.BACKWARD
                + HeadSource.SOURCE
                + PassSource.SOURCE
                + GenerationSource.SOURCE
                + ParameterSource.SOURCE;
        String filled = LayerSource.withBiases(methods, order)
                .replace("@EPS@", Double.toString(a.normEpsilon()))
                .replace("@HALF@", Integer.toString(a.headDim() / 2))
                .replace("@D@", Integer.toString(a.headDim()))
                .replace("@H@", Integer.toString(a.heads()))
                .replace("@K@", Integer.toString(a.keyValueHeads()))
                .replace("@GROUP@", Integer.toString(a.heads() / a.keyValueHeads()))
                .replace("@SCALE@", Double.toString(1 / Math.sqrt(a.headDim())))
                .replace("@STRIDE@", Integer.toString(order.stride()))
                .replace("@L@", Integer.toString(a.layers()))
                .replace("@LAST@", Integer.toString(a.layers() - 1))
                .replace("@FINAL_NORM@", Integer.toString(order.finalNorm()))
                .replace("@HEAD@", Integer.toString(order.head()))
                .replace("@INFINITY@", "1e30");
        return "class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
                + filled.stripTrailing() + "\n";
    }
}
