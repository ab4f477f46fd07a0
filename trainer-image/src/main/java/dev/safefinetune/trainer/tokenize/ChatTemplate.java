package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Conversation;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A model's chat template: how a conversation is written for it. */
final class ChatTemplate {
    /** Where a failure says that it is, before anything that it may quote. */
    private static final Pattern LINE = Pattern.compile("^line \\d+");

    private final JinjaTemplate template;
    private final String source;
    private final Map<String, String> specialTokens;
    private final Path directory;
    private final TemplateUse use;

    private ChatTemplate(JinjaTemplate template, String source, Map<String, String> specialTokens, Path directory) {
        this.template = template;
        this.source = source;
        this.specialTokens = specialTokens;
        this.directory = directory;
        this.use = new TemplateUse(this, template);
    }

    /**
     * What the assistant says in a text; headers are outside.
     *
     * @param span where it stands
     * @param closed whether the end of the turn may stand inside, and not behind it
     */
    record Answer(Span span, boolean closed) {}

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
                    + " nor chat_template in " + ModelDirectory.TOKENIZER_CONFIG
                    + ". Conversations are written with the template that the model is served with; put it beside "
                    + ModelDirectory.TOKENIZER + " as " + ModelDirectory.CHAT_TEMPLATE);
        }
        return stated.textValue();
    }

    /** The conversation up to where the assistant is to answer. */
    String prompt(Conversation conversation) {
        use.checkNames(conversation);
        String text = render(conversation, true).text();
        use.checkText(conversation, text, true);
        return text;
    }

    /** The whole conversation as text; where its answers stand is asked for with {@link #answers}. */
    Rendering whole(Conversation conversation) {
        use.checkNames(conversation);
        return render(conversation, false);
    }

    /**
     * Where the answers that are learned stand in a conversation.
     *
     * @param rendering what {@link #whole} made of it
     */
    List<Answer> answers(Conversation conversation, Rendering rendering) {
        use.checkText(conversation, rendering.text(), false);
        return new AnswerFinder(this, conversation, rendering).answers();
    }

    /** What the template makes of a conversation; nothing where it refuses it, or fails on it. */
    Optional<String> attempt(Conversation conversation, boolean addGenerationPrompt) {
        try {
            return Optional.of(template.render(variables(conversation, addGenerationPrompt))
                    .text());
        } catch (JinjaException e) {
            return Optional.empty();
        }
    }

    Rendering render(Conversation conversation, boolean addGenerationPrompt) {
        try {
            return template.render(variables(conversation, addGenerationPrompt));
        } catch (JinjaException e) {
            throw e.isRefusal() ? refused(e) : failed(e, conversation);
        }
    }

    private Map<String, Object> variables(Conversation conversation, boolean addGenerationPrompt) {
        Map<String, Object> variables = new HashMap<>(specialTokens);
        JsonNode tools = conversation.fields().tools();
        variables.putAll(TemplateValues.map(conversation.fields().kwargs()));
        variables.put(
                "messages",
                conversation.messages().stream().map(TemplateValues::of).toList());
        variables.put("tools", tools.isEmpty() ? JinjaTemplate.none() : TemplateValues.of(tools));
        variables.put("documents", JinjaTemplate.none());
        variables.put("add_generation_prompt", addGenerationPrompt);
        return variables;
    }

    /** A refusal's text is shown only if it stands in the template as it is: otherwise it may quote the message. */
    private TrainerException refused(JinjaException e) {
        String message = String.valueOf(e.getMessage());
        String shown = source.contains(message) ? ": " + message : "";
        return new TrainerException(Fault.DATASET_INVALID, "is refused by the model's chat template" + shown);
    }

    /** A template that writes plain turns and fails on what else a row has, such as no content, is no bad template. */
    private TrainerException failed(JinjaException e, Conversation conversation) {
        if (!conversation.isPlain()) {
            return new TrainerException(
                    Fault.DATASET_INVALID,
                    "has tools, calls or other fields that the model's chat template fails on: " + shown(e));
        }
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

    private static TrainerException invalid(String message) {
        return new TrainerException(Fault.MODEL_INVALID, message);
    }
}
