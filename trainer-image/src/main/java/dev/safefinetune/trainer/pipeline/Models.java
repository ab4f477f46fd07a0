package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Precision;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.tensor.Device;
import java.nio.file.Path;
import java.util.List;

/** Says in the engine's words where and in what a task's models compute. */
public final class Models {
    private Models() {}

    /** A model that computes in a precision, on the processors. */
    static CausalModel load(Path directory, Precision precision) {
        return CausalModel.load(directory, of(precision, List.of(Device.CPU)));
    }

    /** A placement. */
    public static Placement of(Precision precision, List<Device> devices) {
        return new Placement(of(precision), devices);
    }

    /** Where a model is judged: on one device, in the precision for which that is made. */
    public static Placement judging(List<Device> devices) {
        Device first = devices.getFirst();
        return of(Precision.auto(first.isCuda()), List.of(first));
    }

    /** The engine's word for it. */
    static dev.safefinetune.trainer.kernel.Precision of(Precision precision) {
        return switch (precision) {
            case FLOAT32 -> dev.safefinetune.trainer.kernel.Precision.FLOAT32;
            case BFLOAT16 -> dev.safefinetune.trainer.kernel.Precision.BFLOAT16;
        };
    }
}
