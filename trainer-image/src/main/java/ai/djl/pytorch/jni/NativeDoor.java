package ai.djl.pytorch.jni;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The one door to DJL's native library: tensors as handles and calls of a script's methods, which DJL's public API does
 * not offer with lists and numbers as arguments. It lives in DJL's package because the native methods are visible only
 * there; DJL's version is pinned for its sake. Everything else goes through {@code dev.safefinetune.trainer.tensor}.
 */
public final class NativeDoor {
    private static final int[] CPU = {0, -1};
    private static final int STRIDED = 0;

    private NativeDoor() {}

    /** Loads the native library, once. */
    public static void open() {
        Engine.getEngine("PyTorch");
    }

    /** Version of the native library. */
    public static String version() {
        return Engine.getEngine("PyTorch").getVersion();
    }

    /** Sets a thread up: no gradients, and scripts run as written instead of being specialised for each new shape. */
    public static void prepareThread() {
        PyTorchLibrary.LIB.torchSetGradMode(false);
        PyTorchLibrary.LIB.setGraphExecutorOptimize(false);
    }

    /** Threads of one operation. */
    public static void setThreads(int threads) {
        PyTorchLibrary.LIB.torchSetNumThreads(threads);
    }

    /** Loads a TorchScript archive; gives its handle. */
    public static long loadScript(byte[] archive) {
        try {
            return JniUtils.loadModuleHandle(new ByteArrayInputStream(archive), Device.cpu(), true, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Frees a script. */
    public static void freeScript(long script) {
        PyTorchLibrary.LIB.torchDeleteModule(script);
    }

    /**
     * Calls a method that gives a list of tensors.
     *
     * @param arguments {@code long[]} for a list of tensors, {@code int[]} and {@code double[]} for lists of numbers,
     *     {@code Long}, {@code Double}, {@code Boolean}, {@code String}
     * @return handles of the result, to be freed
     */
    public static long[] call(long script, String method, List<Object> arguments) {
        PyTorchLibrary lib = PyTorchLibrary.LIB;
        long[] values = new long[arguments.size()];
        int made = 0;
        try {
            for (Object argument : arguments) {
                values[made] = value(lib, argument);
                made++;
            }
            long result = lib.moduleRunMethod(script, method, values, true, false);
            try {
                return lib.iValueToTensorList(result);
            } finally {
                lib.torchDeleteIValue(result);
            }
        } finally {
            for (int i = 0; i < made; i++) {
                lib.torchDeleteIValue(values[i]);
            }
        }
    }

    private static long value(PyTorchLibrary lib, Object argument) {
        return switch (argument) {
            case long[] tensors -> lib.iValueFromTensorList(tensors);
            case int[] numbers ->
                lib.iValueFromLongList(Arrays.stream(numbers).asLongStream().toArray());
            case double[] numbers -> lib.iValueFromDoubleList(numbers);
            case Long number -> lib.iValueFromLong(number);
            case Double number -> lib.iValueFromDouble(number);
            case Boolean flag -> lib.iValueFromBool(flag);
            case String text -> lib.iValueFromString(text);
            default -> throw new IllegalArgumentException("no script argument: " + argument.getClass());
        };
    }

    /**
     * A tensor over a direct buffer's memory, without a copy; the buffer must outlive it.
     *
     * @param type ordinal of DJL's data type
     */
    public static long over(ByteBuffer memory, long[] shape, int type) {
        return PyTorchLibrary.LIB.torchFromBlob(memory, shape, type, STRIDED, CPU.clone(), false);
    }

    /** Whether a tensor lies in the memory of this machine, and not in a GPU's. */
    public static boolean isOnHost(long tensor) {
        return PyTorchLibrary.LIB.torchDevice(tensor)[0] == CPU[0];
    }

    /**
     * A copy on another device, done when this returns. The bridge has no name for bfloat16: not for tensors of that type.
     *
     * @param device libtorch's number of the kind, and the index
     */
    public static long to(long tensor, int[] device) {
        return PyTorchLibrary.LIB.torchTo(tensor, PyTorchLibrary.LIB.torchDType(tensor), device);
    }

    /** A copy in this machine's memory, likewise. */
    public static long toHost(long tensor) {
        return to(tensor, CPU.clone());
    }

    /** Gives the memory of GPUs back that the library keeps for later use. */
    public static void emptyCache() {
        PyTorchLibrary.LIB.torchCudaEmptyCache();
    }

    /** The tensor's memory, without a copy; the tensor must be contiguous and outlive the buffer. */
    public static ByteBuffer memory(long tensor) {
        return PyTorchLibrary.LIB.torchDirectByteBuffer(tensor);
    }

    /** Shape of a tensor. */
    public static long[] shape(long tensor) {
        return PyTorchLibrary.LIB.torchSizes(tensor);
    }

    /** Bytes of one of the tensor's elements. The bridge has no name for bfloat16, the only type of ours that it does not know. */
    public static int width(long tensor) {
        DataType type = DataType.values()[PyTorchLibrary.LIB.torchDType(tensor)];
        return type == DataType.UNKNOWN ? Short.BYTES : type.getNumOfBytes();
    }

    /** Frees a tensor's handle; the memory goes when no other tensor shares it. */
    public static void free(long tensor) {
        PyTorchLibrary.LIB.torchDeleteTensor(tensor);
    }
}
