package canary.trainer.store;

import canary.trainer.publish.Published;
import io.fabric8.kubernetes.api.model.Pod;

/** A first room that imports the last one, and the cluster. */
record LooksAhead(Published published, Pod pod) {}
