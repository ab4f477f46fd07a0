package canary.contract;

import io.fabric8.kubernetes.api.model.Pod;

/** A contract that speaks more than Java and JSON, under a name that hides its concept. */
record SpeaksCluster(Pod pod) {}
