package dev.safefinetune.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.local.judge.Crds;
import dev.safefinetune.local.judge.ManifestCase;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StatusIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private SafeFineTune stored = new SafeFineTune();

    @BeforeAll
    static void install() {
        Crds.install(SERVER.client());
    }

    @BeforeEach
    void create() {
        ManifestCase smallest = ManifestCase.accepted().stream()
                .filter(each -> each.name().equals("smallest-run"))
                .findFirst()
                .orElseThrow();
        stored = client().resource(Serialization.unmarshal(smallest.object().toString(), SafeFineTune.class))
                .create();
    }

    @AfterEach
    void delete() {
        client().resource(stored).delete();
    }

    private static KubernetesClient client() {
        return SERVER.client();
    }

    /** A resource without any status counts as healthy for GitOps tools. */
    @Test
    void newResourceSaysThatNobodyHasSeenItYet() {
        SafeFineTune read = client().resource(stored).get();
        assertThat(read.getStatus().observedGeneration()).isEqualTo(-1);
        assertThat(read.getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void typesReadWhatTheServerFilledIn() {
        assertThat(stored.getSpec().method().hyperparameters().learningRate()).isEqualTo("2e-4");
        assertThat(stored.getSpec().safety().evaluation().maxHarmfulRate()).isEqualTo("0.03");
        assertThat(stored.getSpec().resources().gpus()).isNull();
    }

    @Test
    void writingTheStatusIsNoChangeOfTheWish() {
        stored.setStatus(new SafeFineTuneStatus(1L, FineTunePhase.TRAINING, null, null, null, null, null, null, null));
        SafeFineTune written = client().resource(stored).updateStatus();
        assertThat(written.getStatus().phase()).isEqualTo(FineTunePhase.TRAINING);
        assertThat(written.getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void columnsAreInAnOrderThatReadsWell() {
        assertThat(columns(0)).containsExactly("Name", "Phase", "Progress", "Verdict", "Age");
        assertThat(columns(1)).containsExactly("Harmful", "Proved", "Repaired", "Model", "Output");
    }

    /** Columns of kubectl get; those of priority 1 are shown with -o wide. */
    private static List<String> columns(int priority) {
        JsonNode table = Serialization.unmarshal(
                TableRequest.get(
                        SERVER.controlPlane().config(), URI.create("/apis/safefinetune.dev/v1alpha1/safefinetunes")),
                JsonNode.class);
        List<String> names = new ArrayList<>();
        for (JsonNode column : table.path("columnDefinitions")) {
            if (column.path("priority").asInt() == priority) {
                names.add(column.path("name").asText());
            }
        }
        return names;
    }
}
