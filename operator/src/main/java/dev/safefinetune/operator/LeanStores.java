package dev.safefinetune.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.Map;

/** What informers keep. Facts are gathered afresh, so a cache need hold no more than tells when to look. */
final class LeanStores {
    /** Objects of a first list that are in memory whole at a time, before a store has made them lean. */
    static final long PAGE = 100;

    private LeanStores() {}

    /** Objects without the record of who wrote which field, which is half of what an object weighs. */
    static <R extends HasMetadata> ItemStore<R> of() {
        return new TransformingItemStore<>(object -> {
            object.getMetadata().setManagedFields(null);
            return object;
        });
    }

    /** Jobs and pods without spec and status: their labels name the resource to look at. */
    static <R extends HasMetadata> ItemStore<R> labelsOf() {
        return new TransformingItemStore<>(object -> {
            ObjectMeta metadata = object.getMetadata();
            metadata.setManagedFields(null);
            // Empty, not absent: the SDK looks into them at each event, and an event at which it fails is lost.
            metadata.setAnnotations(Map.of());
            switch (object) {
                case Job job -> {
                    job.setSpec(null);
                    job.setStatus(null);
                }
                case Pod pod -> {
                    pod.setSpec(null);
                    pod.setStatus(null);
                }
                default -> throw new IllegalArgumentException("not a Job or a pod: " + object.getKind());
            }
            return object;
        });
    }
}
