package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.safefinetune.contract.Defaults;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/** Shape of the adapter that a fine-tuning run trains (Hu et al., arXiv 2106.09685). */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LoraSpec(
        @JsonPropertyDescription("Rank of the low-rank matrices, 1 to 512: more can learn more and costs more memory.")
        @Default("" + Defaults.FineTune.RANK)
        @Min(1)
        @Max(512)
        Integer rank,

        @JsonPropertyDescription("Numerator of the scale with which the adapter is added: alpha / rank.")
        @Default("" + Defaults.FineTune.ALPHA)
        @Min(1)
        @Max(4096)
        Integer alpha,

        @JsonPropertyDescription(
                "Whether the scale is alpha divided by the square root of the rank (rank-stabilised LoRA) instead of by the rank.")
        @Default("false")
        Boolean rsLora,

        @JsonPropertyDescription(
                "Names of the linear layers that get an adapter, such as q_proj; all-linear for every linear layer of the blocks.")
        @Default("[\"all-linear\"]")
        @Size(min = 1, max = 64)
        List<@Size(min = 1, max = 128) String> targetModules) {
    static final LoraSpec DEFAULT =
            new LoraSpec(Defaults.FineTune.RANK, Defaults.FineTune.ALPHA, false, List.of("all-linear"));

    public LoraSpec {
        rank = Given.or(rank, Defaults.FineTune.RANK);
        alpha = Given.or(alpha, Defaults.FineTune.ALPHA);
        rsLora = Given.or(rsLora, false);
        targetModules = List.copyOf(Given.or(targetModules, List.of("all-linear")));
    }
}
