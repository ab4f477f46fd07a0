package dev.safefinetune.trainer.tensor;

/**
 * Where tensors live and are computed with.
 *
 * @param kind processors or a CUDA GPU
 * @param index which of the GPUs that the process sees, from 0; 0 for the processors
 */
public record Device(Kind kind, int index) {
    /** The processors, which all read the same memory. */
    public static final Device CPU = new Device(Kind.CPU, 0);

    /** Sorts of device. */
    public enum Kind {
        CPU,
        CUDA
    }

    public Device {
        if (index < 0 || kind == Kind.CPU && index > 0) {
            throw new IllegalArgumentException("there is no " + kind + " device " + index);
        }
    }

    /** A GPU. */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /** Whether it is a GPU. */
    public boolean isCuda() {
        return kind == Kind.CUDA;
    }

    /** libtorch's name of it: {@code cpu}, {@code cuda:0}. */
    public String text() {
        return isCuda() ? "cuda:" + index : "cpu";
    }

    /** What the bridge takes for it: libtorch's number of the kind, and the index. */
    int[] forBridge() {
        return isCuda() ? new int[] {1, index} : new int[] {0, -1};
    }
}
