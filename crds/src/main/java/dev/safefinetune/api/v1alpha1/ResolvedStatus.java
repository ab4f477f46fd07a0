package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the run is pinned to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResolvedStatus(
        @JsonPropertyDescription("Digest of the base model.") @Nullable
        String model,

        @JsonPropertyDescription("Digest of the dataset.") @Nullable
        String dataset,

        @JsonPropertyDescription("Digest of the security vector; of several, the first one's.") @Nullable
        String vector,

        @JsonPropertyDescription("The SecurityVector that the run uses; of several, the first one.") @Nullable
        VectorRef vectorRef,

        @JsonPropertyDescription("All SecurityVectors that the run uses together; left out where it uses one.")
        @Size(max = 4)
        @Nullable
        List<ResolvedVector> vectors,

        @JsonPropertyDescription("Policies that were kept when the run's latest stage began, each as name@generation.")
        @Size(max = 64)
        @Nullable
        List<String> policies,

        @JsonPropertyDescription(
                "The same policies, each with what followed where the run broke it and with the waivers that it used.")
        @Size(max = 64)
        @Nullable
        List<HeldPolicy> held,

        @JsonPropertyDescription("Suites that the run is judged by, by which policies pin them; known after Prepare.")
        @Size(max = 8)
        @Nullable
        List<ResolvedSuite> suites,

        @JsonPropertyDescription("Digest of the cooldown's trusted samples; left out where the run names none.")
        @Nullable
        String trustedSet,

        @JsonPropertyDescription(
                "Number of the run among the attempts with its base model and dataset in the namespace that did not pass before it; its bound of harmful compliance is corrected for it. Left out where no policy selects the namespace, and before the model is judged.")
        @Nullable
        Integer attempt,

        @JsonPropertyDescription(
                "Image of the trainer with which the run began. Pods that hold NVIDIA GPUs have trainer.cuda.image of the chart, and stages that begin after an upgrade of the operator have the new one.")
        @Nullable
        String image) {}
