package dev.safefinetune.operator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.CrdStamp;
import dev.safefinetune.operator.TestSettings;
import dev.safefinetune.operator.world.Await;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Missing rights need a server that refuses some: the tests on a real API server hold those. */
class PreflightTest {
    private static final String CRD = "safefinetunes.safefinetune.dev";
    private static final CrdStamp OWN = new CrdStamp("0.10.0", "aaaa");

    private final World world;
    private final Preflight preflight;

    PreflightTest(@TempDir Path state) throws IOException {
        world = World.start(state);
        preflight = preflight(world.client());
    }

    private static Preflight preflight(KubernetesClient client) {
        return new Preflight(client, NeededRights.of(new TestSettings()), Set.of(), "default", Duration.ofMillis(100));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private void annotate(Map<String, String> annotations) {
        world.client()
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(CRD)
                .edit(crd -> {
                    crd.getMetadata().setAnnotations(annotations);
                    return crd;
                });
    }

    private Thread waiting() {
        return Thread.ofVirtual().start(() -> {
            try {
                preflight.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void nothingIsInTheWayOfAStartWithTheCrdsOfThisRelease() throws InterruptedException {
        assertThat(preflight.findings()).isNotEmpty();
        preflight.await();
        assertThat(preflight.findings()).isEmpty();
    }

    @Test
    void aMissingCrdIsNamedAndSeenOnceItIsThere() throws InterruptedException {
        CustomResourceDefinition crd = world.client()
                .apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(CRD)
                .require();
        world.client().resource(crd).delete();
        Thread waiting = waiting();
        Await.until("the finding", () -> preflight.findings().toString().contains("CRD " + CRD + " is missing"));

        crd.getMetadata().setResourceVersion(null);
        world.client().resource(crd).create();
        waiting.join();

        assertThat(preflight.findings()).isEmpty();
    }

    @Test
    void aCrdOfAnotherReleaseIsToldApartAndNothingBegins() throws InterruptedException {
        annotate(Map.of(CrdStamp.VERSION, "0.0.9", CrdStamp.DIGEST, "bbbb"));
        Thread waiting = waiting();
        Await.until("older", () -> preflight.findings().toString().contains("older than the operator (0.0.9 < "));

        annotate(Map.of(CrdStamp.VERSION, "7.1.0", CrdStamp.DIGEST, "bbbb"));
        Await.until("newer", () -> preflight.findings().toString().contains("newer than the operator (7.1.0 > "));
        assertThat(waiting.isAlive()).isTrue();

        CrdStamp own = CrdStamp.ofThisRelease("safefinetunes");
        annotate(Map.of(CrdStamp.VERSION, own.version(), CrdStamp.DIGEST, own.digest()));
        waiting.join();
    }

    @Test
    void eachKindOfDifferenceHasItsSentence() {
        assertThat(CrdCheck.difference(CRD, Optional.of(OWN), OWN)).isEmpty();
        assertThat(CrdCheck.difference(CRD, Optional.empty(), OWN))
                .hasValueSatisfying(text -> assertThat(text).contains("does not say which release"));
        assertThat(CrdCheck.difference(CRD, Optional.of(new CrdStamp("0.9.0", "bbbb")), OWN))
                .hasValueSatisfying(text -> assertThat(text).contains("older than the operator (0.9.0 < 0.10.0)"));
        assertThat(CrdCheck.difference(CRD, Optional.of(new CrdStamp("1.0.0-rc.1", "bbbb")), OWN))
                .hasValueSatisfying(text -> assertThat(text).contains("newer than the operator"));
        assertThat(CrdCheck.difference(CRD, Optional.of(new CrdStamp("0.10.0", "bbbb")), OWN))
                .hasValueSatisfying(text -> assertThat(text).contains("another build of release 0.10.0"));
    }

    /** A release that changed no schema works with the CRDs of the one before. */
    @Test
    void aCrdOfAnotherReleaseWithTheSameSchemaIsFine() {
        assertThat(CrdCheck.difference(CRD, Optional.of(new CrdStamp("0.9.0", "aaaa")), OWN))
                .isEmpty();
    }

    @Test
    void aServerThatCannotBeReachedIsNamed() throws InterruptedException {
        assertThat(findingOf("https://127.0.0.1:1"))
                .startsWith("the API server at https://127.0.0.1:1/ cannot be reached");
    }

    /** All questions, one after the other, would take a minute to go unanswered. */
    @Test
    void aServerThatDoesNotAnswerIsNamedAfterTheTimeOfOneQuestion() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Instant begin = Instant.now();
            assertThat(findingOf("https://127.0.0.1:" + silent.getLocalPort())).contains("cannot be reached");
            assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(20));
        }
    }

    private String findingOf(String server) throws InterruptedException {
        try (KubernetesClient nobody = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(world.client().getConfiguration())
                        .withMasterUrl(server)
                        .build())
                .build()) {
            Preflight lost = preflight(nobody);
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    lost.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Await.until("the finding", () -> lost.findings().toString().contains("cannot be reached"));
            waiting.interrupt();
            waiting.join();
            return lost.findings().getFirst();
        }
    }
}
