package dev.safefinetune.contract;

import org.jspecify.annotations.Nullable;

/**
 * An evaluation suite of the platform. It lies with the operator, which serves it to the pods that prepare and judge: whoever can
 * read a user's namespace could otherwise train refusals to exactly its requests.
 *
 * @param name by which the operator serves it
 * @param prompts SHA-256 of {@link #PROMPTS} as it is served
 * @param utility SHA-256 of {@link #UTILITY} as it is served; absent where it has no tasks
 */
public record ServedSuite(
        String name, Digest prompts, @Nullable Digest utility) {
    /** Harmful requests, JSONL. */
    public static final String PROMPTS = "prompts.jsonl";

    /** Tasks that show what a model can do, JSONL. */
    public static final String UTILITY = "utility.jsonl";

    /** What the operator's address for a run's progress is followed by, before the suite's name and the file's. */
    public static final String PATH = "/suites/";

    public ServedSuite {
        Require.text("suite.name", name);
        Require.present("suite.prompts", prompts);
    }

    /** As messages and reports name one of its files. */
    public String uri(String file) {
        return "platform://" + name + "/" + file;
    }
}
