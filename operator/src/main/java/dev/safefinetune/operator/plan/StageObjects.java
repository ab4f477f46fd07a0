package dev.safefinetune.operator.plan;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;

/**
 * All that a stage consists of, to be created in this order; the Job comes last, so that it never waits for the others.
 *
 * @param serviceAccount the stage's identity, shared by the runs of its namespace
 * @param scratch the run's own volume
 * @param job runs the pod
 */
public record StageObjects(ServiceAccount serviceAccount, PersistentVolumeClaim scratch, Job job) {
    /** Digest of the work that the Job is made for. */
    public String planned() {
        return JobDigest.of(job).value();
    }
}
