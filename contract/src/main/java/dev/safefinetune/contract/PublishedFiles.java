package dev.safefinetune.contract;

import java.util.Set;

/** What lies in the directory of a published model, by name, and what of it is the model. */
public final class PublishedFiles {
    /** Digests of all files but itself and the two that sign it, as {@code sha256sum -c} checks them. */
    public static final String MANIFEST = "manifest.sha256";

    public static final String REPORT = "report.json";

    /** The same for people. */
    public static final String PAGE = "report.html";

    public static final String CARD = "README.md";

    /** What the model was made from, in CycloneDX. */
    public static final String BILL = "model.cdx.json";

    /** The platform's statement, an in-toto statement in a DSSE envelope; absent where nobody signs. */
    public static final String STATEMENT = "statement.dsse.json";

    /** The signature of the OpenSSF's model signing over all other files; absent where {@link #STATEMENT} is. */
    public static final String SIGNATURE = "model.sig";

    /** What is written about a model. */
    public static final Set<String> ABOUT = Set.of(REPORT, PAGE, CARD, BILL);

    /** What texts are written with: the tokenizer in all its forms, and the chat template. */
    public static final Set<String> TOKENIZER = Set.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "chat_template.jinja",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "vocab.txt",
            "merges.txt",
            "tokenizer.model");

    private static final Set<String> MODEL =
            Set.of("config.json", "generation_config.json", "adapter_config.json", "model.safetensors.index.json");

    private static final String WEIGHTS = ".safetensors";

    private PublishedFiles() {}

    /** Whether a file is part of a model or an adapter, and so of its digest. */
    public static boolean isModelFile(String name) {
        return MODEL.contains(name) || TOKENIZER.contains(name) || (name.endsWith(WEIGHTS) && !name.contains("/"));
    }

    /** Whether a file signs others. */
    public static boolean isSignature(String name) {
        return name.equals(STATEMENT) || name.equals(SIGNATURE);
    }
}
