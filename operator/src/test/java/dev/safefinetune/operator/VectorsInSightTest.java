package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run names a vector in a namespace in which the operator has no rights, as with {@code watchNamespaces}. */
class VectorsInSightTest {
    @TempDir
    Path state;

    /** How the API server answers in that namespace. */
    private final AtomicInteger answer = new AtomicInteger(403);

    private World world;
    private KubernetesClient client;

    @BeforeEach
    void start() throws Exception {
        world = World.start(state);
        client = world.client(new Interceptor() {
            @Override
            public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                if (request.uri().getPath().contains("/namespaces/platform/")) {
                    int code = answer.get();
                    throw new KubernetesClientException(
                            "refused with " + code,
                            code,
                            new StatusBuilder().withCode(code).build());
                }
            }
        });
        world.applyFineTune();
        world.client()
                .resource(world.fineTune())
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"safety\":{\"vectorRef\":{\"name\":\"base\",\"namespace\":\"platform\"}}}}");
    }

    @AfterEach
    void stop() {
        client.close();
        world.close();
    }

    @Test
    void whoeverNamesItLearnsOfItOnTheResource() {
        new Steps(client).fineTune();

        assertThat(world.fineTune().getStatus().conditions())
                .filteredOn(condition -> condition.type().equals("Ready"))
                .singleElement()
                .satisfies(ready -> {
                    assertThat(ready.status()).isEqualTo("False");
                    assertThat(ready.reason()).isEqualTo("VectorOutOfReach");
                    assertThat(ready.message()).contains("namespace platform", "watchNamespaces");
                });
    }

    @Test
    void anotherFaultOfTheApiServerSaysNothingOfTheVector() {
        answer.set(500);
        Steps operator = new Steps(client);

        assertThatExceptionOfType(KubernetesClientException.class).isThrownBy(operator::fineTune);
        assertThat(world.fineTune().getStatus().conditions()).isNull();
    }
}
