package dev.safefinetune.cli.explain;

import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.checks.Policies;
import dev.safefinetune.checks.PolicySubject;
import dev.safefinetune.cli.ClusterOption;
import dev.safefinetune.cli.validate.PolicyFiles;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells the policies of a namespace in plain words. Exit code 1 where they cannot be read. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Tell in plain words what the policies of a namespace ask of its SafeFineTunes.",
            "They are read from files with --policy, and from the cluster of the kubeconfig without."
        })
public final class ExplainCommand implements Callable<Integer> {
    @Option(
            names = {"-n", "--namespace"},
            required = true,
            paramLabel = "NAMESPACE",
            description = "The namespace.")
    private String namespace = "";

    @Option(
            names = "--policy",
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML files, or directories of them, with SafeFineTunePolicy manifests.")
    private List<Path> named = new ArrayList<>();

    @Option(
            names = "--labels",
            split = ",",
            paramLabel = "KEY=VALUE",
            description = "Labels of the namespace, with --policy; a cluster knows them.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return named.isEmpty() ? ofCluster() : ofFiles();
    }

    private int ofFiles() throws IOException {
        PolicyFiles files = PolicyFiles.named(named);
        if (!files.problems().isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            files.problems().forEach(problem -> err.println(problem.text()));
            err.flush();
            return 1;
        }
        return tell(files.policies(), labels);
    }

    /** Labels of the namespace and all policies. */
    private record Held(Map<String, String> labels, List<SafeFineTunePolicy> policies) {}

    private int ofCluster() {
        Held held;
        try {
            held = cluster.read("the policies", "--policy FILE reads them from files", this::held);
        } catch (IOException e) {
            return fail(String.valueOf(e.getMessage()));
        }
        return held == null
                ? fail("there is no namespace " + namespace + " in the cluster")
                : tell(held.policies(), held.labels());
    }

    private @Nullable Held held(KubernetesClient client) {
        Namespace found = client.namespaces().withName(namespace).get();
        if (found == null) {
            return null;
        }
        Map<String, String> theirs = found.getMetadata().getLabels();
        return new Held(
                theirs == null ? Map.of() : theirs,
                client.resources(SafeFineTunePolicy.class).list().getItems());
    }

    private int tell(List<SafeFineTunePolicy> policies, Map<String, String> theirs) {
        Policies holding = Policies.of(policies, theirs, new PolicySubject(namespace, "", Instant.now()));
        PrintWriter out = spec.commandLine().getOut();
        new EffectivePolicy(holding).lines().forEach(out::println);
        out.flush();
        return 0;
    }

    private int fail(String why) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(why);
        err.flush();
        return 1;
    }
}
