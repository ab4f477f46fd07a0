package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.tokenize.TokenizerCase;
import dev.safefinetune.trainer.train.Parity;
import dev.safefinetune.trainer.train.ParityCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * {@code docs/models.md}: the families that are supported, and how far the trainer is from transformers and PEFT on each. The
 * figures are measured while the page is written.
 *
 * <p>Use: {@code scripts/models-page}.
 */
public final class ModelsPage {
    private ModelsPage() {}

    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), page());
    }

    static String page() {
        StringBuilder page = new StringBuilder("""
                # Models

                Written by `scripts/models-page` from the trainer's list of families. A model is taken by its `architectures`
                in `config.json`, of transformers 4 or 5, with weights as safetensors in one file or in shards. Weights are
                float32, float16 or bfloat16. Rotary embeddings are default, linear, dynamic, llama3, yarn or longrope. Mixtures
                of experts, hybrids, encoder-decoders, multimodal and quantized checkpoints are refused with `ModelInvalid`.

                Figures are differences from transformers 4.57.6 and PEFT 0.21.2 in float32, on tiny checkpoints with random
                weights whose windows, caps and rotary factors take effect. `trainer-image/src/test/python/make_fixtures.py`
                makes them. Also equal, for each family: 16 greedy tokens with and without an adapter, and merged weights. What is
                published, merged or as an adapter, loads in transformers and PEFT with the trainer's logits (`make families-test`).

                | architecture | models | largest difference of a logit | gradient of an adapter, relative | adapter after three AdamW steps, relative | all weights after three steps, relative |
                |---|---|---|---|---|---|
                """);
        for (Family family : Family.ALL) {
            double[] worst = worst(family);
            page.append("| `%s` | %s | %s | %s | %s | %s |%n"
                    .formatted(
                            family.architecture(),
                            family.models(),
                            number(worst[0]),
                            number(worst[1]),
                            number(worst[2]),
                            number(worst[3])));
        }
        tokenizers(page);
        page.append("\n## What to know of them\n\n");
        for (Family family : Family.ALL) {
            if (!family.limits().isEmpty()) {
                page.append("- `%s`: %s%n".formatted(family.architecture(), family.limits()));
            }
        }
        page.append("""

                Adapters target linear layers by the names that PEFT uses: `q_proj`, `k_proj`, `v_proj`, `o_proj`, `gate_proj`,
                `up_proj` and `down_proj`; of `Phi3ForCausalLM` `qkv_proj`, `o_proj`, `gate_up_proj` and `down_proj`. `all-linear`
                means all of them.
                """);
        return page.toString();
    }

    private static void tokenizers(StringBuilder page) {
        page.append("""

                ## Tokenizers and chat templates

                `trainer-image/src/test/python/make_tokenizers.py` trains a tokenizer of each family's own kind on a few
                sentences. Its templates are written for the tests in the manner of the family's. None of them is a published
                file. Equal to transformers 4.57.6: token ids of all texts, what is decoded from them, and conversations with
                and without the prompt for an answer. Exactly the tokens of the answers and of their ends bear loss.

                | architecture | tokenizer | chat template in the manner of | texts | conversations |
                |---|---|---|---|---|
                """);
        for (Family family : Family.ALL) {
            TokenizerCase.all()
                    .filter(c -> c.architecture().equals(family.architecture()))
                    .forEach(c -> page.append("| `%s` | %s | %s | %d | %d |%n"
                            .formatted(
                                    family.architecture(),
                                    c.tokenizer(),
                                    c.template().replace("|", "\\|"),
                                    c.textCount(),
                                    c.conversationCount())));
        }
    }

    /** Of all fixtures of a family: logits, gradients, adapter and all weights after three steps. */
    private static double[] worst(Family family) {
        List<ParityCase> cases = ParityCase.all()
                .filter(name -> !name.equals(ParityCase.BFLOAT16))
                .map(ParityCase::open)
                .filter(c -> c.architecture().equals(family.architecture()))
                .toList();
        double[] worst = new double[4];
        for (ParityCase each : cases) {
            double[] found = {
                Parity.logits(each),
                Parity.gradients(each),
                Parity.adapterSteps(each),
                Parity.weightSteps(each).largest()
            };
            for (int i = 0; i < worst.length; i++) {
                worst[i] = Math.max(worst[i], found[i]);
            }
        }
        return worst;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.0e", value);
    }
}
