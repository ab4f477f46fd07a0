package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.operator.certify.CertificateSecret;
import dev.safefinetune.operator.preflight.NeededRights;
import dev.safefinetune.operator.preflight.Right;
import dev.safefinetune.operator.progress.ProgressCalls;
import dev.safefinetune.operator.sign.SigningKeys;
import dev.safefinetune.operator.world.Await;
import dev.safefinetune.operator.world.Calls;
import dev.safefinetune.operator.world.Manifests;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart's rules hold exactly what the operator calls, over all that it does. */
class RbacTest {
    private static final Path RULES = Path.of("../charts/safe-fine-tune-operator/files/rbac");

    @TempDir
    Path state;

    @Test
    void theRulesAllowWhatIsCalledAndNothingElse() throws IOException, InterruptedException {
        Calls calls = new Calls();
        try (World world = World.start(state);
                KubernetesClient client = world.client(calls)) {
            watch(client);
            wholeChain(world, client);
            heldUp(world, client);
            besideASidecar(world, client);
            ProgressCalls.report(world, client);
            earlierRelease(world, client);
        }

        SortedSet<String> seen = calls.seen();
        // Every user may ask what it may do.
        assertThat(seen.remove("authorization.k8s.io/selfsubjectaccessreviews create"))
                .isTrue();
        assertThat(seen).isEqualTo(allowed());
        // A namespace may hold thousands of others' claims, ConfigMaps and pods: they would all be in memory.
        assertThat(calls.listedWhole())
                .containsExactlyInAnyOrder(
                        "safefinetune.dev/safefinetunes",
                        "safefinetune.dev/securityvectors",
                        "safefinetune.dev/safefinetunepolicies");
    }

    /** What the start asks for is what the chart grants. */
    @Test
    void theRulesAreTheRightsThatAreCheckedAtTheStart() throws IOException {
        SortedSet<String> checked = new TreeSet<>();
        for (Right right : NeededRights.of(new TestSettings())) {
            right.verbs().forEach(verb -> checked.add(right.group() + "/" + right.resource() + " " + verb));
        }
        assertThat(checked).isEqualTo(allowed());
    }

    private static void watch(KubernetesClient client) throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        OperatorStart operator = new OperatorStart(vertx, client, new SimpleMeterRegistry(), new TestSettings());
        operator.start(new StartupEvent());
        // A watch is healthy once its first answer has come.
        Await.until("it leads and watches", () -> operator.isActing() && operator.isHealthy());
        operator.stop(new ShutdownEvent());
        vertx.close().toCompletionStage().toCompletableFuture().join();
        // Another key is added to the public ones.
        new SigningKeys(
                        client,
                        "default",
                        "another",
                        new TestSettings().signing().publicName())
                .current();
        // Another name is another certificate, and so a change of the Secret.
        new CertificateSecret(
                        client,
                        "default",
                        new TestSettings().progress().secretName(),
                        "elsewhere.test",
                        InstantSource.system())
                .current();
    }

    private static void wholeChain(World world, KubernetesClient client) {
        world.client().resource(Manifests.open("p", "{}")).create();
        Steps operator = new Steps(client);
        world.applyVector();
        world.applyFineTune();
        do {
            operator.both();
        } while (world.pods().run(World.NAMESPACE, Results::good));
        assertThat(world.fineTune().getStatus().observedGeneration()).isEqualTo(1);
        // Another run begins, and a third one takes its place while it is still at work.
        for (String place : new String[] {"second", "third"}) {
            world.client()
                    .resource(world.fineTune())
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"spec\":{\"output\":{\"uri\":\"pvc://models/" + place + "\"}}}");
            operator.both();
        }
    }

    /** A run is suspended and resumed, and its Job is without a pod for longer than it should be. */
    private static void heldUp(World world, KubernetesClient client) {
        world.furnish("held");
        world.applyVector("held");
        Steps later = new Steps(client, "held", InstantSource.offset(InstantSource.system(), Duration.ofMinutes(1)));
        for (boolean suspend : new boolean[] {false, true, false}) {
            world.client()
                    .resource(world.vector("held"))
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspend\":" + suspend + "}}");
            later.vector();
        }
    }

    /** A Job of a release that wrote job specs into ConfigMaps, which the resource names. */
    private static void earlierRelease(World world, KubernetesClient client) {
        world.furnish("earlier");
        world.applyVector("earlier");
        Steps operator = new Steps(client, "earlier");
        operator.vector();
        Job job = world.pods().open("earlier").getFirst();
        world.client().resource(job).delete();
        job.getMetadata().setResourceVersion(null);
        job.getSpec().setSelector(null);
        job.getSpec().getTemplate().getMetadata().setAnnotations(Map.of());
        Job earlier = world.client().resource(job).create();
        var vector = world.vector("earlier");
        vector.setStatus(Manifests.read(
                Serialization.asJson(vector.getStatus())
                        .replaceAll("\"planned\":\"[^\"]*\",?", "")
                        .replace(",}", "}"),
                SecurityVectorStatus.class));
        world.client().resource(vector).updateStatus();
        world.pods().end(earlier, 0, "{}");
        operator.vector();
    }

    private static void besideASidecar(World world, KubernetesClient client) {
        world.furnish("stale");
        world.applyVector("stale");
        Steps operator = new Steps(client, "stale");
        operator.vector();
        failsBesideASidecar(world, operator);
    }

    /** Its pod goes on for another container, and is deleted so that its Job can try again. */
    private static void failsBesideASidecar(World world, Steps operator) {
        world.pods()
                .shows(
                        world.pods().open("stale").getFirst(),
                        Manifests.read(
                                "{phase: Running, containerStatuses: [{name: proxy, state: {running: {}}},"
                                        + " {name: trainer, state: {terminated: {exitCode: 30}}}]}",
                                PodStatus.class));
        operator.vector();
    }

    private static SortedSet<String> allowed() throws IOException {
        SortedSet<String> allowed = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(RULES, "*.yaml")) {
            for (Path file : files) {
                rules(file).forEach(rule -> allowed.addAll(calls(rule)));
            }
        }
        return allowed;
    }

    private static List<PolicyRule> rules(Path file) throws IOException {
        return List.of(Serialization.unmarshal(Files.readString(file), PolicyRule[].class));
    }

    /** In the words of {@link Calls}. */
    private static List<String> calls(PolicyRule rule) {
        return rule.getApiGroups().stream()
                .flatMap(group -> rule.getResources().stream().map(resource -> group + "/" + resource))
                .flatMap(resource -> rule.getVerbs().stream().map(verb -> resource + " " + verb))
                .toList();
    }
}
