package dev.safefinetune.local.judge;

import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.concurrent.TimeUnit;

/** The project's CRDs in a cluster. */
public final class Crds {
    private Crds() {}

    /** Installs all and waits until they are served. */
    public static void install(KubernetesClient client) {
        for (String plural : CustomResourceDefinitions.PLURALS) {
            client.resource(read(plural)).serverSideApply();
        }
        for (String plural : CustomResourceDefinitions.PLURALS) {
            client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(CustomResourceDefinitions.name(plural))
                    .waitUntilCondition(crd -> crd != null && holds(crd, "Established"), 30, TimeUnit.SECONDS);
        }
    }

    /** A CRD as it is shipped. */
    public static CustomResourceDefinition read(String plural) {
        return Serialization.unmarshal(CustomResourceDefinitions.yaml(plural), CustomResourceDefinition.class);
    }

    /** Whether a condition of a CRD is True. */
    public static boolean holds(CustomResourceDefinition crd, String condition) {
        return crd.getStatus() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(each -> each.getType().equals(condition)
                                && each.getStatus().equals("True"));
    }
}
