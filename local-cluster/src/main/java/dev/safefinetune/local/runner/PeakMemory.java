package dev.safefinetune.local.runner;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The largest resident set of each pod that ended. */
public final class PeakMemory {
    private final Map<String, Long> byPod = Collections.synchronizedMap(new TreeMap<>());

    void note(Pod pod, long bytes) {
        byPod.merge(pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName(), bytes, Math::max);
    }

    /** Bytes by namespace and name of the pod. */
    public Map<String, Long> bytesByPod() {
        synchronized (byPod) {
            return new TreeMap<>(byPod);
        }
    }
}
