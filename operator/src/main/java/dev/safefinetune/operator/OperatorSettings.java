package dev.safefinetune.operator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The installation's settings; {@code application.properties} says what each is for. */
@ConfigMapping(prefix = "safe-fine-tune")
public interface OperatorSettings {
    /** Namespaces that are watched; none: all. */
    Optional<List<String>> namespaces();

    /** The operator's own namespace; none: that of its ServiceAccount or kubeconfig. */
    Optional<String> ownNamespace();

    /** Name of the ConfigMap with counted attempts, in the operator's own namespace. */
    @WithDefault("safe-fine-tune-operator-attempts")
    String attemptsName();

    /** Whether the chart has made its admission policies; none: there is no chart. */
    Optional<Boolean> admission();

    /** How long the things that a resource names may be missing before it is stalled. */
    @WithDefault("30s")
    Duration patience();

    /** The trainer's pods. */
    Trainer trainer();

    /** Progress of the trainer's pods. */
    ProgressSettings progress();

    /** What the operator signs with. */
    Signing signing();

    /** A run's own volume. */
    Scratch scratch();

    /** Which of several replicas acts. */
    LeaderElection leaderElection();

    /** The trainer's pods. */
    interface Trainer {
        /** Image of all stages. */
        String image();

        /** When the image is pulled; none: the cluster's default. */
        Optional<String> imagePullPolicy();

        /** GPUs of the pods that train and evaluate, where their resource does not say. */
        @WithDefault("0")
        int gpus();

        /** The trainer on NVIDIA GPUs. */
        Cuda cuda();

        /** What the pods get that read, publish and store. */
        Share files();

        /** What the pods get that train and evaluate, where their resource does not say. */
        Share compute();

        /** Labels of a resource that its Jobs and pods get: whole keys, or prefixes with their slash; none: Kueue's alone. */
        Optional<List<String>> copiedLabels();

        /** The same of annotations; none: none. */
        Optional<List<String>> copiedAnnotations();
    }

    /** The trainer on NVIDIA GPUs. */
    interface Cuda {
        /** Image of the pods that hold them; none: no run can ask for them. */
        Optional<String> image();

        /** When the image is pulled; none: the cluster's default. */
        Optional<String> imagePullPolicy();
    }

    /** Requests and limits of a container, each as {@code resource=quantity}. */
    interface Share {
        /** What a node has to have left. */
        Optional<List<String>> requests();

        /** What it may take. */
        Optional<List<String>> limits();
    }

    /** Progress of the trainer's pods. */
    interface ProgressSettings {
        /** The server's HTTPS address as pods reach it; none: no progress is reported. */
        Optional<String> url();

        /** Where the server listens. */
        @WithDefault("0.0.0.0")
        String listenHost();

        /** At which port. */
        @WithDefault("8443")
        int listenPort();

        /** The Secret, in the operator's own namespace, with its certificates. */
        @WithDefault("safe-fine-tune-operator-progress-tls")
        String secretName();

        /** Least time between two reports of a pod, and between two writes of a run's progress. */
        @WithDefault("5")
        int intervalSeconds();
    }

    /** What the operator signs with; it signs over the progress server, and where there is none, nothing. */
    interface Signing {
        /** Whether what has passed is signed. */
        @WithDefault("true")
        boolean enabled();

        /** The Secret, in the operator's own namespace, with the key. */
        @WithDefault("safe-fine-tune-operator-signing")
        String secretName();

        /** The ConfigMap there with the public keys. */
        @WithDefault("safe-fine-tune-operator-signing-keys")
        String publicName();
    }

    /** A run's own volume. */
    interface Scratch {
        /** Its size. */
        @WithDefault("50Gi")
        String size();

        /** Its storage class; none: the cluster's default. */
        Optional<String> storageClass();
    }

    /** Which of several replicas acts. */
    interface LeaderElection {
        /** Whether there is an election; without one this replica acts. */
        @WithDefault("false")
        boolean enabled();

        /** Name of the Lease, in the operator's own namespace. */
        @WithDefault("safe-fine-tune-operator-leader")
        String leaseName();

        /** How long the Lease must have stood unchanged before another replica takes it. */
        @WithDefault("8s")
        Duration leaseDuration();

        /** How long the leader goes on without having renewed it; less than the above. */
        @WithDefault("5s")
        Duration renewDeadline();

        /** Time between two looks at it. */
        @WithDefault("1s")
        Duration retryPeriod();
    }
}
