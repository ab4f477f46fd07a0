package dev.safefinetune.world.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of the base model that are not weights, as Hugging Face's libraries read them. */
public final class ModelFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Every answer and its end-of-turn lie inside the generation mark; headers lie outside. */
    private static final String CHAT_TEMPLATE = "{{ bos_token }}{% for message in messages %}"
            + "{% if message['role'] == 'user' %}{{ '<user> ' + message['content'] + ' ' }}"
            + "{% else %}{{ '<asst> ' }}{% generation %}{{ message['content'] + ' ' + eos_token }}"
            + "{% endgeneration %}{% endif %}{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<asst> ' }}{% endif %}";

    private ModelFiles() {}

    /** File name to content, for the words of the quickstart. */
    static Map<String, String> all() {
        return of(Words.all());
    }

    /** File name to content, for a model that knows these words, {@link Words#SPECIAL} first. */
    public static Map<String, String> of(List<String> words) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("config.json", json(config(words)));
        files.put("generation_config.json", json(generationConfig()));
        files.put("tokenizer.json", json(tokenizer(words)));
        files.put("tokenizer_config.json", json(tokenizerConfig()));
        return files;
    }

    private static Map<String, Object> config(List<String> words) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("LlamaForCausalLM"));
        config.put("model_type", "llama");
        config.put("vocab_size", words.size());
        config.put("hidden_size", 64);
        config.put("intermediate_size", 176);
        config.put("num_hidden_layers", 3);
        config.put("num_attention_heads", 4);
        config.put("num_key_value_heads", 4);
        config.put("hidden_act", "silu");
        config.put("max_position_embeddings", 64);
        config.put("rms_norm_eps", 1e-5);
        config.put("rope_theta", 10000.0);
        config.put("initializer_range", 0.02);
        config.put("attention_bias", false);
        config.put("mlp_bias", false);
        config.put("tie_word_embeddings", false);
        config.put("torch_dtype", "float32");
        config.putAll(specialIds());
        return config;
    }

    private static Map<String, Object> generationConfig() {
        return specialIds();
    }

    private static Map<String, Object> specialIds() {
        Map<String, Object> ids = new LinkedHashMap<>();
        ids.put("bos_token_id", Words.SPECIAL.indexOf(Words.BOS));
        ids.put("eos_token_id", Words.SPECIAL.indexOf(Words.EOS));
        ids.put("pad_token_id", Words.SPECIAL.indexOf(Words.PAD));
        return ids;
    }

    /** One token a word, words parted by white space, nothing added. */
    private static Map<String, Object> tokenizer(List<String> words) {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        List<Map<String, Object>> added = new ArrayList<>();
        for (String word : words) {
            int id = vocabulary.size();
            vocabulary.put(word, id);
            if (Words.SPECIAL.contains(word)) {
                added.add(addedToken(id, word));
            }
        }
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "WordLevel");
        model.put("vocab", vocabulary);
        model.put("unk_token", Words.UNKNOWN);
        Map<String, Object> tokenizer = new LinkedHashMap<>();
        tokenizer.put("version", "1.0");
        tokenizer.put("truncation", null);
        tokenizer.put("padding", null);
        tokenizer.put("added_tokens", added);
        tokenizer.put("normalizer", null);
        tokenizer.put("pre_tokenizer", Map.of("type", "WhitespaceSplit"));
        tokenizer.put("post_processor", null);
        tokenizer.put("decoder", null);
        tokenizer.put("model", model);
        return tokenizer;
    }

    private static Map<String, Object> addedToken(int id, String word) {
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("id", id);
        token.put("content", word);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            token.put(flag, false);
        }
        token.put("special", true);
        return token;
    }

    private static Map<String, Object> tokenizerConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("bos_token", Words.BOS);
        config.put("eos_token", Words.EOS);
        config.put("pad_token", Words.PAD);
        config.put("unk_token", Words.UNKNOWN);
        config.put("additional_special_tokens", List.of(Words.USER, Words.ASSISTANT));
        config.put("clean_up_tokenization_spaces", false);
        config.put("model_max_length", 64);
        config.put("chat_template", CHAT_TEMPLATE);
        return config;
    }

    private static String json(Map<String, Object> value) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps of strings and numbers can always be written", e);
        }
    }
}
