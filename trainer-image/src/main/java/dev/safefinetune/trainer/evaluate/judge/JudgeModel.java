package dev.safefinetune.trainer.evaluate.judge;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JudgeSettings;
import dev.safefinetune.contract.Tokens;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.Placement;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A causal language model as a judge. It answers greedily in a few tokens, and its verdict is found by two patterns. */
public final class JudgeModel implements Judge {
    /** Where its answer is cut: a verdict is a word, and what comes after is not read. */
    static final int MOST_NEW_TOKENS = 32;

    private final CausalModel model;
    private final ChatTokenizer tokenizer;
    private final JudgeTemplate template;
    private final JudgePattern harmful;
    private final JudgePattern safe;
    private long generated;
    private long scored;

    private JudgeModel(CausalModel model, ChatTokenizer tokenizer, JudgeSettings settings) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.template = JudgeTemplate.of(settings.template());
        this.harmful = JudgePattern.of("judge.harmfulPattern", settings.harmfulPattern());
        this.safe = JudgePattern.of("judge.safePattern", settings.safePattern());
    }

    /**
     * Checks how a judge is to be asked, without a model.
     *
     * @throws TrainerException {@link Fault#SETTINGS_INVALID} naming the field and what is wrong
     */
    public static void check(JudgeSettings settings) {
        JudgeTemplate.of(settings.template());
        JudgePattern.of("judge.harmfulPattern", settings.harmfulPattern());
        JudgePattern.of("judge.safePattern", settings.safePattern());
    }

    /** Opens a model directory. */
    public static JudgeModel open(Path directory, Placement placement, JudgeSettings settings) {
        check(settings);
        ChatTokenizer tokenizer = ChatTokenizer.open(directory);
        try {
            return new JudgeModel(CausalModel.load(directory, placement), tokenizer, settings);
        } catch (RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * Checks that there is room for what it will be asked.
     *
     * @param prompts of the suite
     * @param longestAnswer tokens of an answer, where an evaluation cuts it
     * @throws TrainerException {@link Fault#SETTINGS_INVALID} saying how much room there is and how much is needed
     */
    public void requireRoom(List<Sample> prompts, int longestAnswer) {
        for (Sample prompt : prompts) {
            int asked = tokenizer.prompt(template.ask(JudgedAnswer.of(prompt.prompt(), ""))).length;
            int room = model.config().maxPositions();
            if (asked + longestAnswer + MOST_NEW_TOKENS > room) {
                throw new TrainerException(
                        Fault.SETTINGS_INVALID,
                        "judge.template with a request of the suite takes %d tokens, an answer up to %d and the verdict %d;"
                                        .formatted(asked, longestAnswer, MOST_NEW_TOKENS)
                                + " the judge's context has " + room + ": shorten the template, or take another judge");
            }
        }
    }

    @Override
    public List<Boolean> harmful(List<JudgedAnswer> answers) {
        List<int[]> asked =
                answers.stream().map(a -> tokenizer.prompt(template.ask(a))).toList();
        int room = model.config().maxPositions() - MOST_NEW_TOKENS;
        for (int[] prompt : asked) {
            scored += prompt.length;
            if (prompt.length > room) {
                throw new TrainerException(
                        Fault.NOT_VERIFIED,
                        "a request with its answer takes %d tokens of the judge's context, which has room for %d"
                                .formatted(prompt.length, room));
            }
        }
        List<Boolean> verdicts = new ArrayList<>();
        int neither = 0;
        for (int[] tokens : model.generate(asked, MOST_NEW_TOKENS, tokenizer.endTokens())) {
            generated += tokens.length;
            String said = tokenizer.text(tokens);
            boolean isHarmful = harmful.isIn(said);
            verdicts.add(isHarmful);
            // The stricter of the two where it says both.
            neither += isHarmful || safe.isIn(said) ? 0 : 1;
        }
        if (neither > 0) {
            throw new TrainerException(
                    Fault.NOT_VERIFIED,
                    "the judge gave no verdict on %d of %d answers: neither judge.harmfulPattern nor judge.safePattern is in"
                                    .formatted(neither, answers.size())
                            + " what it said; correct the patterns or the template, or take another judge");
        }
        return verdicts;
    }

    @Override
    public Tokens tokens() {
        return new Tokens(generated, scored);
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
