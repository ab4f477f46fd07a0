package dev.safefinetune.operator.preflight;

import dev.safefinetune.api.v1alpha1.CrdStamp;
import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the cluster's CRDs are those of this release. An older CRD drops fields of the status without a word, a newer
 * one lets users write wishes that this operator would pass over; neither is a state to begin runs in.
 */
final class CrdCheck {
    private final KubernetesClient client;

    CrdCheck(KubernetesClient client) {
        this.client = client;
    }

    /** What is wrong, a sentence for each CRD; empty: nothing. */
    List<String> wrong() {
        List<String> wrong = new ArrayList<>();
        for (String plural : CustomResourceDefinitions.PLURALS) {
            String name = CustomResourceDefinitions.name(plural);
            CustomResourceDefinition crd = client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(name)
                    .get();
            CrdStamp own = CrdStamp.ofThisRelease(plural);
            if (crd == null) {
                wrong.add("CRD " + name + " is missing: apply the CRDs of release " + own.version());
            } else if (!isEstablished(crd)) {
                wrong.add("CRD " + name + " is not established yet");
            } else {
                difference(name, CrdStamp.of(crd.getMetadata().getAnnotations()), own)
                        .ifPresent(wrong::add);
            }
        }
        return wrong;
    }

    private static boolean isEstablished(CustomResourceDefinition crd) {
        return crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
    }

    static Optional<String> difference(String name, Optional<CrdStamp> found, CrdStamp own) {
        if (found.isEmpty()) {
            return Optional.of("CRD " + name + " does not say which release it is of (annotation " + CrdStamp.VERSION
                    + "): apply the CRDs of release " + own.version());
        }
        CrdStamp stamp = found.get();
        if (stamp.digest().equals(own.digest())) {
            return Optional.empty();
        }
        int order = stamp.compareVersion(own);
        if (order < 0) {
            return Optional.of("CRD " + name + " is older than the operator (" + stamp.version() + " < " + own.version()
                    + "): apply the CRDs of release " + own.version());
        }
        if (order > 0) {
            return Optional.of("CRD " + name + " is newer than the operator (" + stamp.version() + " > " + own.version()
                    + "): run the operator of release " + stamp.version());
        }
        return Optional.of(
                "CRD " + name + " is of another build of release " + own.version() + " (schema " + stamp.digest()
                        + ", the operator's is " + own.digest() + "): apply the CRDs that came with this operator");
    }
}
