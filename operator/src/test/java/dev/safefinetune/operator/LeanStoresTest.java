package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import org.junit.jupiter.api.Test;

class LeanStoresTest {
    /** The SDK looks into the annotations of what is kept at each event, and loses an event at which it fails. */
    @Test
    void keepsNoSpecAndLeavesAnnotationsToBeLookedInto() {
        ItemStore<Job> store = LeanStores.labelsOf();
        store.put(
                "team-a/bot-1-train",
                new JobBuilder()
                        .withNewMetadata()
                        .withNamespace("team-a")
                        .withName("bot-1-train")
                        .addToLabels("safefinetune.dev/resource", "bot")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build());

        Job kept = store.get("team-a/bot-1-train");
        assertThat(kept.getSpec()).isNull();
        assertThat(kept.getMetadata().getLabels()).containsEntry("safefinetune.dev/resource", "bot");
        assertThat(kept.getMetadata().getAnnotations()).isNotNull();
    }
}
