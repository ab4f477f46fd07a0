package dev.safefinetune.operator.preflight;

import static dev.safefinetune.operator.preflight.Right.cluster;
import static dev.safefinetune.operator.preflight.Right.own;
import static dev.safefinetune.operator.preflight.Right.watched;

import dev.safefinetune.api.v1alpha1.Api;
import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import dev.safefinetune.operator.OperatorSettings;
import java.util.ArrayList;
import java.util.List;

/** All that the operator does with the API server. A test holds this list against the chart's rules and the calls made. */
public final class NeededRights {
    private static final List<Right> ALWAYS = List.of(
            watched(Api.GROUP, "safefinetunes", "get", "list", "watch"),
            watched(Api.GROUP, "securityvectors", "get", "list", "watch"),
            watched(Api.GROUP, "safefinetunes/status", "update", "patch"),
            watched(Api.GROUP, "securityvectors/status", "update", "patch"),
            cluster(Api.GROUP, "safefinetunepolicies", "list", "watch"),
            watched("batch", "jobs", "get", "list", "watch", "create", "patch", "delete"),
            watched("", "configmaps", "get"),
            watched("", "persistentvolumeclaims", "get", "list", "create", "delete"),
            watched("", "serviceaccounts", "get", "create"),
            watched("", "pods", "get", "list", "watch", "delete"),
            watched("", "events", "list", "create"),
            cluster("", "namespaces", "get"),
            cluster("apiextensions.k8s.io", "customresourcedefinitions", "get")
                    .named(CustomResourceDefinitions.PLURALS.stream()
                            .map(CustomResourceDefinitions::name)
                            .toList()));

    private NeededRights() {}

    /** The rights, with those that only some installations need. */
    public static List<Right> of(OperatorSettings settings) {
        List<Right> rights = new ArrayList<>(ALWAYS);
        if (settings.progress().url().isPresent()) {
            rights.add(cluster("authentication.k8s.io", "tokenreviews", "create"));
            rights.add(own("", "secrets", "create"));
            rights.add(own("", "secrets", "get", "update")
                    .named(List.of(settings.progress().secretName())));
            // The platform's suites, by whatever name a policy has for them.
            rights.add(own("", "configmaps", "get"));
        }
        if (settings.progress().url().isPresent() && settings.signing().enabled()) {
            rights.add(
                    own("", "secrets", "get").named(List.of(settings.signing().secretName())));
            rights.add(own("", "configmaps", "get", "update")
                    .named(List.of(settings.signing().publicName())));
        }
        rights.add(own("", "configmaps", "create"));
        rights.add(own("", "configmaps", "get", "update").named(List.of(settings.attemptsName())));
        if (settings.leaderElection().enabled()) {
            rights.add(own("coordination.k8s.io", "leases", "create"));
            rights.add(own("coordination.k8s.io", "leases", "get", "patch")
                    .named(List.of(settings.leaderElection().leaseName())));
        }
        return rights;
    }
}
