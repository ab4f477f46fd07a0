package dev.safefinetune.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.attest.AttestException;
import dev.safefinetune.attest.KeyRing;
import dev.safefinetune.cli.ClusterOption;
import dev.safefinetune.cli.attest.KeyFiles;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists runs, verdicts, waivers and refusals, and models without a statement. Exit code 1 where they cannot be read. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "List the runs of a cluster with verdicts, policies, waivers and refusals, and models without a signed statement.",
            "What admission denied is in the API server's audit log and not here."
        })
public final class AuditCommand implements Callable<Integer> {
    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAMESPACE",
            description = "One namespace; left out: all of them.")
    private @Nullable String namespace;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description =
                    "A list that was saved, by kubectl get safefinetunes -A -o yaml or json, in place of a cluster.")
    private @Nullable Path from;

    @Option(
            names = "--models",
            arity = "1..*",
            paramLabel = "DIR",
            description = "Directories in which models lie, such as mounted volumes; each model in them is listed.")
    private List<Path> models = new ArrayList<>();

    @Option(
            names = "--key",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Public keys, or directories of them, that statements of models are verified with.")
    private List<Path> keys = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "table|json|csv",
            defaultValue = "table",
            description = "Form of the list (default: ${DEFAULT-VALUE}).")
    private AuditListing output = AuditListing.TABLE;

    @Mixin
    private ClusterOption cluster = new ClusterOption();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<AuditedModel> found = new ArrayList<>();
        List<SafeFineTune> resources;
        try {
            KeyRing ring = keys.isEmpty() ? null : KeyFiles.read(keys);
            for (Path directory : models) {
                if (!Files.isDirectory(directory)) {
                    return fail(directory + " is no directory; --models takes one in which models lie");
                }
                found.addAll(AuditedModel.in(directory, ring, Instant.now()));
            }
            resources = from == null ? ofCluster() : ofFile(from);
        } catch (AttestException | IOException e) {
            return fail(String.valueOf(e.getMessage()));
        }
        List<AuditRow> runs = resources.stream()
                .filter(each ->
                        namespace == null || namespace.equals(each.getMetadata().getNamespace()))
                .map(AuditRow::of)
                .sorted(Comparator.comparing(AuditRow::namespace).thenComparing(AuditRow::name))
                .toList();
        PrintWriter out = spec.commandLine().getOut();
        out.print(output.of(AuditListing.joined(runs, found)));
        out.flush();
        return 0;
    }

    private List<SafeFineTune> ofCluster() throws IOException {
        return cluster.read("the SafeFineTunes", "--from FILE reads them from a file", client -> {
            var all = client.resources(SafeFineTune.class);
            return (namespace == null ? all.inAnyNamespace() : all.inNamespace(namespace))
                    .list()
                    .getItems();
        });
    }

    private static List<SafeFineTune> ofFile(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is no file; --from takes a list that kubectl has saved");
        }
        List<SafeFineTune> resources = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                Serialization.yamlMapper().readerFor(JsonNode.class).readValues(Files.readString(file))) {
            while (documents.hasNext()) {
                JsonNode document = documents.next();
                for (JsonNode each : document.has("items") ? document.path("items") : List.of(document)) {
                    if (!each.path("kind").asText().equals(SafeFineTune.class.getSimpleName())) {
                        throw new IOException(file + " holds a "
                                + each.path("kind").asText("thing without a kind") + "; SafeFineTunes are listed");
                    }
                    resources.add(Serialization.jsonMapper().treeToValue(each, SafeFineTune.class));
                }
            }
        }
        return resources;
    }

    private int fail(String why) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(why);
        err.flush();
        return 1;
    }
}
