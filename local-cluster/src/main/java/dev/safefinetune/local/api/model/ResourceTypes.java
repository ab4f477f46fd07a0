package dev.safefinetune.local.api.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All kinds that are served: the built-in ones and those that a CustomResourceDefinition added. */
public final class ResourceTypes {
    /** The group of CustomResourceDefinitions. */
    public static final String EXTENSIONS = "apiextensions.k8s.io";

    private static final boolean IN_NAMESPACE = true;
    private static final boolean CLUSTER_WIDE = false;
    private static final boolean WITH_STATUS = true;
    private static final boolean NO_STATUS = false;

    /** Kinds known from the start; those that no controller of this cluster acts on are kept for manifests' sake. */
    private static final List<ResourceType> BUILT_IN = List.of(
            core("Namespace", "namespaces", CLUSTER_WIDE, WITH_STATUS, "ns"),
            core("Node", "nodes", CLUSTER_WIDE, WITH_STATUS, "no"),
            core("PersistentVolume", "persistentvolumes", CLUSTER_WIDE, WITH_STATUS, "pv"),
            core("Pod", "pods", IN_NAMESPACE, WITH_STATUS, "po"),
            core("ConfigMap", "configmaps", IN_NAMESPACE, NO_STATUS, "cm"),
            core("Secret", "secrets", IN_NAMESPACE, NO_STATUS),
            core("ServiceAccount", "serviceaccounts", IN_NAMESPACE, NO_STATUS, "sa"),
            core("PersistentVolumeClaim", "persistentvolumeclaims", IN_NAMESPACE, WITH_STATUS, "pvc"),
            core("Event", "events", IN_NAMESPACE, NO_STATUS, "ev"),
            core("Service", "services", IN_NAMESPACE, WITH_STATUS, "svc"),
            type("batch", "Job", "jobs", IN_NAMESPACE, WITH_STATUS),
            type("coordination.k8s.io", "Lease", "leases", IN_NAMESPACE, NO_STATUS),
            type("rbac.authorization.k8s.io", "Role", "roles", IN_NAMESPACE, NO_STATUS),
            type("rbac.authorization.k8s.io", "RoleBinding", "rolebindings", IN_NAMESPACE, NO_STATUS),
            type("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", CLUSTER_WIDE, NO_STATUS),
            type("rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", CLUSTER_WIDE, NO_STATUS),
            type("networking.k8s.io", "NetworkPolicy", "networkpolicies", IN_NAMESPACE, NO_STATUS, "netpol"),
            type(
                    EXTENSIONS,
                    "CustomResourceDefinition",
                    "customresourcedefinitions",
                    CLUSTER_WIDE,
                    WITH_STATUS,
                    "crd"));

    private final Map<String, ResourceType> custom = new ConcurrentHashMap<>();

    private static ResourceType core(
            String kind, String plural, boolean namespaced, boolean status, String... shortNames) {
        return new ResourceType("", "v1", kind, plural, namespaced, status, List.of(shortNames));
    }

    private static ResourceType type(
            String group, String kind, String plural, boolean namespaced, boolean status, String... shortNames) {
        return new ResourceType(group, "v1", kind, plural, namespaced, status, List.of(shortNames));
    }

    /** A built-in kind that is known to exist. */
    public static ResourceType builtIn(String plural) {
        return BUILT_IN.stream()
                .filter(t -> t.plural().equals(plural))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no built-in resource " + plural));
    }

    public List<ResourceType> all() {
        List<ResourceType> all = new ArrayList<>(BUILT_IN);
        custom.values().stream()
                .sorted((a, b) -> a.qualified().compareTo(b.qualified()))
                .forEach(all::add);
        return all;
    }

    public Optional<ResourceType> find(String group, String version, String plural) {
        return all().stream()
                .filter(t -> t.group().equals(group)
                        && t.version().equals(version)
                        && t.plural().equals(plural))
                .findFirst();
    }

    /** The kind in any version. */
    public Optional<ResourceType> ofKind(String group, String kind) {
        return all().stream().filter(t -> t.is(group, kind)).findFirst();
    }

    public boolean isCustom(ResourceType type) {
        return custom.containsKey(type.qualified());
    }

    public void serve(ResourceType type) {
        custom.put(type.qualified(), type);
    }

    public void withdraw(String qualified) {
        custom.remove(qualified);
    }
}
