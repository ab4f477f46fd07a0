package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Message.Role;
import dev.safefinetune.trainer.store.ModelDirectory;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.jinja.JinjaException;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate.Rendering;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model's chat template: how a conversation is written for it.
 *
 * <p>Where the answers stand is found by position: from the template's {@code {% generation %}} marks, or else by
 * rendering once more with a placeholder for each answer and fitting the two texts piece by piece. The common shortcut,
 * the length of the conversation rendered without its last turn, is wrong for templates that rewrite earlier turns.
 */
final class ChatTemplate {
    /** Where a failure says that it is, before anything that it may quote. */
    private static final Pattern LINE = Pattern.compile("^line \\d+");

    private final JinjaTemplate template;
    private final String source;
    private final Map<String, String> specialTokens;
    private final Path directory;

    private ChatTemplate(JinjaTemplate template, String source, Map<String, String> specialTokens, Path directory) {
        this.template = template;
        this.source = source;
        this.specialTokens = specialTokens;
        this.directory = directory;
    }

    /**
     * A conversation as text.
     *
     * @param text all of it
     * @param answers what the assistant says in it, in order; headers are outside
     * @param marked whether the template marked the answers itself, and may have put the end of the turn inside
     */
    record Conversation(String text, List<Span> answers, boolean marked) {
        Conversation {
            answers = List.copyOf(answers);
        }
    }

    static ChatTemplate read(Path directory, SpecialTokens specialTokens, Clock clock) {
        String source = source(directory);
        try {
            JinjaTemplate template = JinjaTemplate.parse(source, () -> ZonedDateTime.now(clock));
            return new ChatTemplate(template, source, specialTokens.named(), directory);
        } catch (JinjaException e) {
            throw invalid("the chat template of " + directory + " cannot be read: " + e.getMessage());
        }
    }

    /** The file beside the tokenizer wins over the field in its configuration. */
    private static String source(Path directory) {
        Path file = directory.resolve(ModelDirectory.CHAT_TEMPLATE);
        if (Files.exists(file)) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw TrainerException.storage("read", file, e);
            }
        }
        Path config = directory.resolve(ModelDirectory.TOKENIZER_CONFIG);
        JsonNode stated = Files.exists(config)
                ? ModelDirectory.readObject(config).path("chat_template")
                : com.fasterxml.jackson.databind.node.MissingNode.getInstance();
        for (JsonNode named : stated.isArray() ? stated : List.<JsonNode>of()) {
            if (named.path("name").asText().equals("default")) {
                return named.path("template").asText();
            }
        }
        if (!stated.isTextual()) {
            throw invalid(directory + " has no chat template: neither " + ModelDirectory.CHAT_TEMPLATE
                    + " nor chat_template in " + ModelDirectory.TOKENIZER_CONFIG);
        }
        return stated.textValue();
    }

    /** The conversation up to where the assistant is to answer. */
    String prompt(List<Message> messages) {
        return render(messages, true).text();
    }

    /** The whole conversation with its answers marked. */
    Conversation conversation(List<Message> messages) {
        Rendering rendering = render(messages, false);
        if (!rendering.generated().isEmpty()) {
            return new Conversation(rendering.text(), rendering.generated(), true);
        }
        return new Conversation(rendering.text(), fit(messages, rendering.text()), false);
    }

    private List<Span> fit(List<Message> messages, String text) {
        String mark = unusedMark(messages);
        List<Message> marked = new ArrayList<>();
        List<String> answers = new ArrayList<>();
        for (Message message : messages) {
            boolean answer = message.role() == Role.ASSISTANT;
            marked.add(answer ? new Message(Role.ASSISTANT, mark) : message);
            if (answer) {
                answers.add(message.content());
            }
        }
        String[] pieces = render(marked, false).text().split(mark, -1);
        if (pieces.length != answers.size() + 1 || !text.startsWith(pieces[0])) {
            throw unfit();
        }
        List<Span> spans = new ArrayList<>();
        int at = pieces[0].length();
        for (int i = 0; i < answers.size(); i++) {
            boolean last = i == answers.size() - 1;
            String written = written(answers.get(i), text, at, pieces[i + 1], last);
            spans.add(new Span(at, at + written.length()));
            at += written.length() + pieces[i + 1].length();
        }
        return spans;
    }

    /** The answer as the template wrote it: as it is, or without white space around it. */
    private String written(String answer, String text, int at, String next, boolean last) {
        for (String form : List.of(answer, answer.strip(), answer.stripLeading(), answer.stripTrailing())) {
            String expected = form + next;
            if (text.startsWith(expected, at) && (!last || at + expected.length() == text.length())) {
                return form;
            }
        }
        throw unfit();
    }

    private static String unusedMark(List<Message> messages) {
        for (char c = '\uE000'; c < '\uF8FF'; c++) {
            String mark = "" + c;
            if (messages.stream().noneMatch(m -> m.content().contains(mark))) {
                return mark;
            }
        }
        throw new TrainerException(Fault.DATASET_INVALID, "uses all private-use characters");
    }

    private Rendering render(List<Message> messages, boolean addGenerationPrompt) {
        List<Map<String, Object>> turns = new ArrayList<>();
        for (Message message : messages) {
            Map<String, Object> turn = new LinkedHashMap<>();
            turn.put("role", message.role().text());
            turn.put("content", message.content());
            turns.add(turn);
        }
        Map<String, Object> variables = new HashMap<>(specialTokens);
        variables.put("messages", turns);
        variables.put("tools", JinjaTemplate.none());
        variables.put("documents", JinjaTemplate.none());
        variables.put("add_generation_prompt", addGenerationPrompt);
        try {
            return template.render(variables);
        } catch (JinjaException e) {
            throw e.isRefusal() ? refused(e) : failed(e);
        }
    }

    /** A refusal's text is shown only if it stands in the template as it is: otherwise it may quote the message. */
    private TrainerException refused(JinjaException e) {
        String message = String.valueOf(e.getMessage());
        String shown = source.contains(message) ? ": " + message : "";
        return new TrainerException(Fault.DATASET_INVALID, "is refused by the model's chat template" + shown);
    }

    private TrainerException failed(JinjaException e) {
        return invalid("the chat template of " + directory + " cannot be rendered: " + shown(e));
    }

    /** A message may quote a value, which may be of the sample: it is shown only if the template itself has what it quotes. */
    private String shown(JinjaException e) {
        String message = String.valueOf(e.getMessage());
        int first = message.indexOf('\'');
        int last = message.lastIndexOf('\'');
        if (first == last || source.contains(message.substring(first + 1, last))) {
            return message;
        }
        Matcher line = LINE.matcher(message);
        return line.find() ? line.group() : "it fails on this sample";
    }

    private static TrainerException unfit() {
        return new TrainerException(
                Fault.DATASET_INVALID,
                "has an answer that the model's chat template rewrites, so nobody can tell which tokens are the answer;"
                        + " a template with generation marks would say so");
    }

    private static TrainerException invalid(String message) {
        return new TrainerException(Fault.MODEL_INVALID, message);
    }
}
