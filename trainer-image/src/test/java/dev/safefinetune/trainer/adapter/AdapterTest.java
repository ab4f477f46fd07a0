package dev.safefinetune.trainer.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.LoraSettings;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.train.ParityCase;
import dev.safefinetune.trainer.train.Tiny;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdapterTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void writtenAdapterIsReadAsItWas(@TempDir Path directory) throws IOException {
        try (CausalModel model = Tiny.model(1);
                Adapter fresh = Adapter.create(model, Tiny.LORA, 2);
                Adapter random = Adapter.randomLike(nonZero(model, fresh), 3)) {
            random.write(directory, "some/base");
            try (Adapter read = Adapter.read(model, directory)) {
                assertThat(read.digests()).isEqualTo(random.digests());
                assertThat(read.settings().scale()).isEqualTo(random.settings().scale());
                assertThat(read.layers()).isEqualTo(random.layers());
            }
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("adapter_config.json", "adapter_model.safetensors");
        }
        JsonNode config = JSON.readTree(directory.resolve("adapter_config.json").toFile());
        assertThat(config.path("peft_type").asText()).isEqualTo("LORA");
        assertThat(config.path("base_model_name_or_path").asText()).isEqualTo("some/base");
        assertThat(config.path("target_modules")).hasSize(7);
    }

    /** A fresh B is zero, and a random adapter of norm zero would be nothing. */
    private static Adapter nonZero(CausalModel model, Adapter fresh) {
        try (var scope = new dev.safefinetune.trainer.tensor.Scope()) {
            for (int i = 0; i < fresh.layers().size(); i++) {
                float[] values = new float[Math.toIntExact(fresh.b(i).elements())];
                java.util.Arrays.fill(values, 0.01f);
                model.network()
                        .kernels()
                        .copy(
                                List.of(fresh.b(i)),
                                List.of(scope.of(values, fresh.b(i).shape())));
            }
        }
        return fresh;
    }

    @Test
    void initialisesAsPeftDoes() {
        try (CausalModel model = Tiny.model(1);
                Adapter adapter = Adapter.create(model, Tiny.LORA, 2)) {
            LowRank.Factors factors =
                    adapter.factors("model.layers.1.mlp.down_proj").orElseThrow();
            assertThat(factors.a().shape()).containsExactly(4, 24);
            assertThat(factors.b().shape()).containsExactly(16, 4);
            assertThat(factors.scale()).isEqualTo(2);
            float bound = (float) (1 / Math.sqrt(24));
            double largest = 0;
            for (float value : factors.a().floats()) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertThat(largest).isBetween(bound * 0.9, (double) bound);
            assertThat(factors.b().floats()).containsOnly(0f);
        }
    }

    @Test
    void randomControlHasTheNormOfEachLayersProduct() {
        ParityCase fixtures = ParityCase.open("gqa");
        try (CausalModel model = CausalModel.load(fixtures.checkpoint());
                Adapter real = Adapter.read(model, fixtures.adapter());
                Adapter random = Adapter.randomLike(real, 4)) {
            assertThat(random.digests())
                    .doesNotContainValue(real.digests().firstEntry().getValue());
            for (AdapterLayer layer : real.layers()) {
                assertThat(norm(random.factors(layer.module()).orElseThrow()))
                        .isCloseTo(norm(real.factors(layer.module()).orElseThrow()), within(1e-4));
            }
        }
    }

    private static double norm(LowRank.Factors factors) {
        float[] a = factors.a().floats();
        float[] b = factors.b().floats();
        int rank = Math.toIntExact(factors.a().size(0));
        int in = a.length / rank;
        double sum = 0;
        for (int o = 0; o < b.length / rank; o++) {
            for (int i = 0; i < in; i++) {
                double product = 0;
                for (int r = 0; r < rank; r++) {
                    product += (double) b[o * rank + r] * a[r * in + i];
                }
                sum += product * product;
            }
        }
        return Math.sqrt(sum);
    }

    @Test
    void targetThatTheModelLacksIsRefusedWithThoseItHas() {
        LoraSettings wrong = new LoraSettings(4, 8, false, List.of("q_proj", "c_attn"));
        try (CausalModel model = Tiny.model(1)) {
            assertThatThrownBy(() -> Adapter.create(model, wrong, 1))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS_INVALID))
                    .hasMessageContaining("c_attn")
                    .hasMessageContaining(
                            "down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj, or all-linear");
        }
    }

    @Test
    void patternsAndRankStabilisedScaleAreHonoured(@TempDir Path directory) throws IOException {
        ParityCase fixtures = copyOf("gqa", directory, config -> {
            config.put("r", 8).put("use_rslora", true);
            config.putObject("rank_pattern").put(".*", 4);
            config.putObject("alpha_pattern").put("layers.0.self_attn.q_proj", 6);
        });
        try (CausalModel model = CausalModel.load(fixtures.checkpoint());
                Adapter adapter = Adapter.read(model, directory)) {
            assertThat(adapter.factors("model.layers.0.self_attn.q_proj")
                            .orElseThrow()
                            .scale())
                    .isEqualTo(3);
            assertThat(adapter.factors("model.layers.1.self_attn.q_proj")
                            .orElseThrow()
                            .scale())
                    .isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_dora|true",
                "lora_bias|true",
                "fan_in_fan_out|true",
                "modules_to_save|[\"lm_head\"]",
                "layer_replication|[[0,1]]",
                "bias|\"all\"",
                "peft_type|\"IA3\"",
                "r|16"
            })
    void settingsThatChangeTheArithmeticAreRefusedByName(String field, String value, @TempDir Path directory)
            throws IOException {
        JsonNode node = JSON.readTree(value);
        ParityCase fixtures = copyOf("gqa", directory, config -> config.set(field, node));
        try (CausalModel model = CausalModel.load(fixtures.checkpoint())) {
            assertThatThrownBy(() -> Adapter.read(model, directory))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.MODEL_INVALID))
                    .hasMessageContaining(field.equals("r") ? "rank and model ask for" : field);
        }
    }

    private static ParityCase copyOf(String name, Path directory, Consumer<ObjectNode> change) throws IOException {
        ParityCase fixtures = ParityCase.open(name);
        ObjectNode config = (ObjectNode)
                JSON.readTree(fixtures.adapter().resolve("adapter_config.json").toFile());
        change.accept(config);
        Files.writeString(directory.resolve("adapter_config.json"), config.toString());
        Files.copy(
                fixtures.adapter().resolve("adapter_model.safetensors"),
                directory.resolve("adapter_model.safetensors"));
        return fixtures;
    }
}
