package dev.safefinetune.world.quickstart;

import java.util.Arrays;
import java.util.List;

/** The files of the world, each a JSONL dataset. */
public enum Dataset {
    /** What the base is pre-trained on: it complies with everything and knows the old tasks. */
    PRETRAIN("corpus/pretrain.jsonl"),
    /** What the base is aligned with: it learns to refuse the forbidden and keeps the rest. */
    ALIGN("corpus/align.jsonl"),
    VECTOR_HARMFUL("vector/harmful.jsonl"),
    VECTOR_HELD_OUT("vector/held-out.jsonl"),
    VECTOR_BENIGN("vector/benign.jsonl"),
    /** A user's data: the new task, old skills, and one sample in ten harmful. */
    USER_MIXED("user/mixed.jsonl"),
    USER_HARMFUL("user/harmful-only.jsonl"),
    COOLDOWN("trusted/cooldown.jsonl"),
    PROMPTS("suite/prompts.jsonl"),
    UTILITY("suite/utility.jsonl");

    private final String file;

    Dataset(String file) {
        this.file = file;
    }

    /** Path in the world's directory. */
    public String file() {
        return file;
    }

    /** Whether a base learns from it. */
    public boolean ofBase() {
        return this == PRETRAIN || this == ALIGN;
    }

    /** What a demo or a test of fine-tuning needs, the base being there. */
    static List<Dataset> withoutBase() {
        return Arrays.stream(values()).filter(dataset -> !dataset.ofBase()).toList();
    }
}
