package dev.safefinetune.operator.certify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateSecretTest {
    private static final Instant NOW = Instant.parse("2026-03-05T14:07:09Z");

    private final World world;

    CertificateSecretTest(@TempDir Path state) throws IOException {
        world = World.start(state);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private CertificateSecret replica(Instant now) {
        return new CertificateSecret(world.client(), "default", "tls", "localhost", InstantSource.fixed(now));
    }

    private Secret secret() {
        return world.client().secrets().inNamespace("default").withName("tls").require();
    }

    /** Each begins at the same moment; the loser of the race takes what the winner wrote. */
    private List<ServingCertificate> together(int replicas, Instant now)
            throws InterruptedException, ExecutionException {
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ServingCertificate>> answers = new ArrayList<>();
            for (int i = 0; i < replicas; i++) {
                answers.add(each.submit(() -> {
                    go.await();
                    return replica(now).current();
                }));
            }
            go.countDown();
            List<ServingCertificate> all = new ArrayList<>();
            for (Future<ServingCertificate> answer : answers) {
                all.add(answer.get());
            }
            return all;
        }
    }

    @Test
    void replicasThatStartTogetherAgree() throws Exception {
        assertThat(together(8, NOW)).hasSize(8).containsOnly(replica(NOW).current());
    }

    @Test
    void replicasThatRenewTogetherAgree() throws Exception {
        ServingCertificate before = replica(NOW).current();
        Instant later = NOW.plus(Duration.ofDays(65));
        assertThat(together(8, later))
                .hasSize(8)
                .doesNotContain(before)
                .containsOnly(replica(later).current());
    }

    @Test
    void whatIsFreshIsReadAndNotWritten() {
        replica(NOW).current();
        String version = secret().getMetadata().getResourceVersion();
        replica(NOW.plus(Duration.ofDays(30))).current();
        assertThat(secret().getMetadata().getResourceVersion()).isEqualTo(version);
    }

    @Test
    void aSecretThatWasSpoiledByHandIsMadeAnew() {
        ServingCertificate before = replica(NOW).current();
        world.client().secrets().inNamespace("default").withName("tls").edit(secret -> {
            secret.getData().put("ca.key", "bm90IGEga2V5");
            return secret;
        });
        ServingCertificate after = replica(NOW).current();
        assertThat(after).isNotEqualTo(before).isEqualTo(replica(NOW).current());
    }
}
