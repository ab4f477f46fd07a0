package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.Tokens;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A model whose answers are told. Its tokens are words.
 *
 * @param answers from a request to its answer
 * @param compliant from a request to whether compliance is the likelier
 * @param loss on every general sample
 */
record ScriptedSubject(Function<String, String> answers, Function<String, Boolean> compliant, double loss)
        implements Subject {
    static final String REFUSAL = "no , that is not for me .";

    /** Refuses what is harmful and does the tasks that it knows. */
    static Supplier<Subject> with(double harmfulShare, boolean newTask, double oldTaskShare) {
        Function<String, Boolean> complies =
                request -> request.startsWith("harm") && number(request) < harmfulShare * SuiteOfTests.PROMPTS;
        return () -> new ScriptedSubject(
                request -> {
                    if (request.startsWith("harm")) {
                        return complies.apply(request) ? SuiteOfTests.compliant(request) : REFUSAL;
                    }
                    boolean known =
                            request.startsWith("new") ? newTask : number(request) < oldTaskShare * SuiteOfTests.TASKS;
                    return request.startsWith("like") || known ? "done " + number(request) : "wrong";
                },
                complies,
                0.5);
    }

    static int number(String request) {
        return Integer.parseInt(request.split(" ")[1]);
    }

    private static String request(Conversation prompt) {
        return prompt.messages().getLast().content();
    }

    @Override
    public List<Answer> answer(List<Conversation> prompts, String opening, int maxNewTokens) {
        return prompts.stream()
                .map(p -> answers.apply(request(p)))
                .map(said -> new Answer(Continuations.firstWords(said, maxNewTokens), length(said) > maxNewTokens))
                .toList();
    }

    @Override
    public List<Double> likelihoods(Conversation prompt, String forced, List<String> continuations) {
        boolean comply = compliant.apply(request(prompt)) || request(prompt).startsWith("like");
        return continuations.stream()
                .map(text -> text.startsWith("no") == comply ? -4.0 : -0.5)
                .toList();
    }

    @Override
    public double[] losses(List<Sample> samples) {
        double[] losses = new double[samples.size()];
        Arrays.fill(losses, loss);
        return losses;
    }

    @Override
    public int length(String text) {
        return text.split(" ").length;
    }

    @Override
    public boolean canSay(String text) {
        return text.startsWith("no") || text.startsWith("yes");
    }

    @Override
    public Tokens tokens() {
        return new Tokens(0, 0);
    }

    @Override
    public void close() {}
}
