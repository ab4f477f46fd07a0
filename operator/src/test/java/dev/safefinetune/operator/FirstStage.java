package dev.safefinetune.operator;

import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.batch.v1.Job;

/** Brings a resource to its first Job. */
public final class FirstStage {
    private FirstStage() {}

    public static Job ofVector(World world) {
        new Steps(world.client()).vector();
        return world.pods().open(World.NAMESPACE).getFirst();
    }
}
