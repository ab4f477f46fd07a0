package dev.safefinetune.operator.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Keys that no Job or pod gets from its resource, whatever the installation allows. Who may write a resource would otherwise
 * choose, with one annotation, what runs beside the stage that judges its model.
 *
 * <p>A domain stands for itself and everything below it. The chart's {@code values.schema.json} has the same lists, and a test
 * holds the two against each other.
 */
enum NeverCopied {
    OPERATOR(
            "the operator knows its Jobs and pods by it",
            List.of("safefinetune.dev"),
            List.of(
                    // Network policies and the operator's own watches choose trainer pods by this label.
                    "app.kubernetes.io/managed-by")),

    JOB_CONTROLLER(
            "the Job controller sets it, and the API server refuses a Job that says otherwise",
            List.of("batch.kubernetes.io", "apps.kubernetes.io"),
            List.of("job-name", "controller-uid", "pod-template-hash", "controller-revision-hash")),

    /** A tool that finds its mark on a Job takes it for its own, and prunes what its source does not have. */
    GITOPS(
            "a GitOps tool tracks its objects by it",
            List.of(
                    "argoproj.io",
                    "fluxcd.io",
                    "helm.sh",
                    "kubectl.kubernetes.io",
                    "applyset.kubernetes.io",
                    "addonmanager.kubernetes.io",
                    "config.kubernetes.io",
                    "config.k8s.io",
                    "cli-utils.sigs.k8s.io",
                    "configmanagement.gke.io",
                    "configsync.gke.io",
                    "kapp.k14s.io",
                    "cattle.io",
                    "skaffold.dev",
                    "coreos.com",
                    "pulumi.com"),
            List.of("app.kubernetes.io/instance")),

    /**
     * Admission webhooks that add containers, templates, libraries or commands to a pod; several take the image or the whole
     * template from the annotation's value.
     */
    INJECTOR(
            "an injector adds containers or templates to a pod by it",
            List.of(
                    // Meshes.
                    "istio.io",
                    "linkerd.io",
                    "kuma.io",
                    "openservicemesh.io",
                    "appmesh.k8s.aws",
                    "nsm.nginx.com",
                    "cilium.io",
                    // Secrets, and the programs that fetch them.
                    "hashicorp.com",
                    "banzaicloud.com",
                    "banzaicloud.io",
                    "bank-vaults.io",
                    "1password.io",
                    "infisical.com",
                    "akeyless.io",
                    "cyberark.com",
                    "conjur.org",
                    "doppler.com",
                    // Building blocks and traffic.
                    "dapr.io",
                    "openfeature.dev",
                    "getambassador.io",
                    "telepresence.io",
                    "tailscale.com",
                    "tumblr.com",
                    "k8tz.io",
                    // Instrumentation.
                    "opentelemetry.io",
                    "jaegertracing.io",
                    "datadoghq.com",
                    "dynatrace.com",
                    "newrelic.com",
                    "instana.io",
                    "appdynamics.com",
                    "elastic.co",
                    "co.elastic.apm",
                    "fluentbit.io",
                    "gke-gcsfuse"),
            List.of()),

    /** Who the pod is towards a cloud, or which devices and confinement it has. */
    PRIVILEGE(
            "it gives a pod an identity, a network or a confinement of its own",
            List.of(
                    "azure.workload.identity",
                    "eks.amazonaws.com",
                    "iam.amazonaws.com",
                    "iam.gke.io",
                    "apparmor.security.beta.kubernetes.io",
                    "seccomp.security.alpha.kubernetes.io",
                    "pod-security.kubernetes.io",
                    "cni.cncf.io",
                    "cni.projectcalico.org",
                    "ovn.org",
                    "cdi.k8s.io"),
            List.of()),

    /** Container runtimes read these from the pod's annotations: devices, user namespaces, hypervisors. */
    RUNTIME(
            "the container runtime takes settings from it",
            List.of("io.kubernetes.cri-o", "cri-o.io", "io.containerd", "io.katacontainers", "gvisor.dev"),
            List.of());

    private final String reason;
    private final List<String> domains;
    private final List<String> keys;

    NeverCopied(String reason, List<String> domains, List<String> keys) {
        this.reason = reason;
        this.domains = domains;
        this.keys = keys;
    }

    List<String> domains() {
        return domains;
    }

    List<String> keys() {
        return keys;
    }

    /**
     * Why a key, or a prefix that ends with its slash, is never copied; empty where it may be.
     *
     * @param entry a key or a prefix; a prefix is refused where one key of it is never copied
     */
    static Optional<String> reason(String entry) {
        // Annotations may be written in capitals, and some readers do not mind.
        String lower = entry.toLowerCase(Locale.ROOT);
        for (NeverCopied kind : values()) {
            if (kind.matches(lower)) {
                return Optional.of(kind.reason);
            }
        }
        return Optional.empty();
    }

    private boolean matches(String entry) {
        int slash = entry.indexOf('/');
        String domain = slash < 0 ? "" : entry.substring(0, slash);
        boolean below = domains.stream().anyMatch(each -> domain.equals(each) || domain.endsWith("." + each));
        return below
                || keys.contains(entry)
                || entry.endsWith("/") && keys.stream().anyMatch(key -> key.startsWith(entry))
                // Runtimes' keys have no slash: io.kubernetes.cri-o.userns-mode.
                || slash < 0 && domains.stream().anyMatch(each -> entry.startsWith(each + "."));
    }
}
