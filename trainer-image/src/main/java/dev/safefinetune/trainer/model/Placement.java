package dev.safefinetune.trainer.model;

import dev.safefinetune.trainer.kernel.Precision;
import dev.safefinetune.trainer.tensor.Device;
import java.util.List;

/**
 * In what a model computes, and where.
 *
 * @param devices the model lives on the first; on each of the others is a replica, which takes a part of each training step
 */
public record Placement(Precision precision, List<Device> devices) {
    /** In float32 on the processors. */
    public static final Placement PROCESSORS = new Placement(Precision.FLOAT32, List.of(Device.CPU));

    public Placement {
        devices = List.copyOf(devices);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("a model lives on at least one device");
        }
    }

    /** The same without replicas. */
    public Placement alone() {
        return new Placement(precision, devices.subList(0, 1));
    }
}
