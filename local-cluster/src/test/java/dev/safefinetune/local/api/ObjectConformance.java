package dev.safefinetune.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an API server answers about single objects: their identity, names, versions and selection. */
public abstract class ObjectConformance {
    private String namespace = "";

    /** A client of the server under test, with all rights. */
    protected abstract KubernetesClient client();

    /** The namespace of this test. */
    protected String namespace() {
        return namespace;
    }

    @BeforeEach
    void makeNamespace() {
        namespace = "ns-" + UUID.randomUUID().toString().substring(0, 8);
        client().resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
    }

    protected ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("value", value)
                .endMetadata()
                .addToData("k", value)
                .build();
    }

    static Status refused(ThrowingCallable call) {
        KubernetesClientException refused = catchThrowableOfType(KubernetesClientException.class, call);
        assertThat(refused).as("the call is refused").isNotNull();
        return refused.getStatus();
    }

    @Test
    void whatIsCreatedGetsAnIdentity() {
        ConfigMap created = client().resource(map("a", "1")).create();
        assertThat(created.getMetadata().getUid()).isNotBlank();
        assertThat(created.getMetadata().getResourceVersion()).isNotBlank();
        assertThat(created.getMetadata().getCreationTimestamp()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(client().resource(created).get()).isEqualTo(created);
    }

    @Test
    void aNameIsTakenOnce() {
        client().resource(map("a", "1")).create();
        Status status = refused(() -> client().resource(map("a", "2")).create());
        assertThat(status.getCode()).isEqualTo(409);
        assertThat(status.getReason()).isEqualTo("AlreadyExists");
        assertThat(status.getMessage()).isEqualTo("configmaps \"a\" already exists");
    }

    @Test
    void aNameIsMadeFromAPrefix() {
        ConfigMap wish = map("", "1");
        wish.getMetadata().setName(null);
        wish.getMetadata().setGenerateName("made-");
        assertThat(client().resource(wish).create().getMetadata().getName()).matches("made-[a-z0-9]{5}");
    }

    @Test
    void aWrongNameIsInvalid() {
        Status status = refused(() -> client().resource(map("A_b", "1")).create());
        assertThat(status.getCode()).isEqualTo(422);
        assertThat(status.getReason()).isEqualTo("Invalid");
        assertThat(status.getMessage())
                .startsWith("ConfigMap \"A_b\" is invalid: metadata.name: Invalid value: \"A_b\"");
        assertThat(status.getDetails().getCauses())
                .extracting(StatusCause::getField)
                .containsExactly("metadata.name");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Status status = refused(() -> client().configMaps()
                .inNamespace(namespace)
                .withName("none")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{}"));
        assertThat(status.getCode()).isEqualTo(404);
        assertThat(status.getMessage()).isEqualTo("configmaps \"none\" not found");
    }

    @Test
    void anUpdateFromAnOldVersionIsAConflict() {
        ConfigMap old = client().resource(map("a", "1")).create();
        client().resource(map("a", "2")).update();
        old.setData(Map.of("k", "3"));
        Status status = refused(() -> client().resource(old).update());
        assertThat(status.getCode()).isEqualTo(409);
        assertThat(status.getReason()).isEqualTo("Conflict");
        assertThat(status.getMessage())
                .isEqualTo(
                        "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply"
                                + " your changes to the latest version and try again");
    }

    @Test
    void anUpdateThatChangesNothingMakesNoVersion() {
        ConfigMap created = client().resource(map("a", "1")).create();
        ConfigMap again = client().resource(created).update();
        assertThat(again.getMetadata().getResourceVersion())
                .isEqualTo(created.getMetadata().getResourceVersion());
    }

    @Test
    void anImmutableConfigMapStaysAsItIs() {
        ConfigMap fixed = map("a", "1");
        fixed.setImmutable(true);
        ConfigMap stored = client().resource(fixed).create();
        stored.setData(Map.of("k", "2"));
        Status status = refused(() -> client().resource(stored).update());
        assertThat(status.getCode()).isEqualTo(422);
        assertThat(status.getMessage())
                .isEqualTo("ConfigMap \"a\" is invalid: data: Forbidden: field is immutable when `immutable` is set");
    }

    @Test
    void aDryRunStoresNothing() {
        client().resource(map("a", "1")).dryRun().create();
        assertThat(client().resource(map("a", "1")).get()).isNull();
    }

    @Test
    void labelsAndNamesSelect() {
        for (String name : List.of("a", "b", "c")) {
            client().resource(map(name, name)).create();
        }
        var all = client().configMaps().inNamespace(namespace);
        assertThat(names(all.withLabelIn("value", "a", "b").list().getItems())).containsExactly("a", "b");
        assertThat(names(all.withLabelNotIn("value", "a")
                        .withLabel("value")
                        .list()
                        .getItems()))
                .containsExactly("b", "c");
        assertThat(names(all.withLabel("value", "c").list().getItems())).containsExactly("c");
        assertThat(names(all.withField("metadata.name", "b").list().getItems())).containsExactly("b");
        assertThat(refused(() -> all.withField("data.k", "b").list()).getCode()).isEqualTo(400);
    }

    private static List<String> names(List<ConfigMap> maps) {
        return maps.stream()
                .map(m -> m.getMetadata().getName())
                .filter(n -> !n.startsWith("kube-"))
                .toList();
    }
}
