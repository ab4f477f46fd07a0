package dev.safefinetune.trainer.tokenize;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.TemplateFields;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate;
import dev.safefinetune.trainer.tokenize.jinja.WhiteSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a chat template writes what a row gives it. A template is free to leave out what it does not know, and says
 * nothing; the row would then teach something else than its author wrote.
 */
final class TemplateUse {
    /** What ties a tool's answer to its call; most templates go by the order and need neither. */
    private static final List<String> TIES = List.of("tool_call_id", "toolCallId", "name");

    private static final String GIVE_TOOLS = "leave the row out, or give the model a template that writes tools";
    private static final String NAME = "name";
    private static final String LEFT_OUT = ", which the model's chat template does not use: ";

    private final ChatTemplate template;
    private final JinjaTemplate source;

    TemplateUse(ChatTemplate template, JinjaTemplate source) {
        this.template = template;
        this.source = source;
    }

    /**
     * Looks at what stands beside roles and contents: a template that has no name for it cannot write it.
     *
     * @throws TrainerException {@link Fault#DATASET_INVALID} naming the field and what is right; the message begins with a
     *     verb, for whoever knows file and line
     */
    void checkNames(Conversation conversation) {
        TemplateFields fields = conversation.fields();
        require(fields.tools().isEmpty() || source.reads(TemplateFields.TOOLS), TemplateFields.TOOLS, GIVE_TOOLS);
        fields.kwargs()
                .fieldNames()
                .forEachRemaining(name -> require(source.reads(name), TemplateFields.KWARGS + "." + name, "remove it"));
        for (int i = 0; i < conversation.messages().size(); i++) {
            String where = where(i);
            fields(conversation.messages().get(i))
                    .forEach(field -> require(source.mentions(field), field + where, right(field)));
        }
    }

    /**
     * Looks at what a template made of a conversation: whether tools, calls, names and all turns are in it.
     *
     * @param text what it made
     * @param prompt whether that ends where the assistant is to answer
     * @throws TrainerException as {@link #checkNames} does
     */
    void checkText(Conversation conversation, String text, boolean prompt) {
        if (!conversation.fields().tools().isEmpty()) {
            Conversation without = new Conversation(
                    conversation.messages(), conversation.fields().withoutTools());
            require(changes(without, text, prompt), TemplateFields.TOOLS, GIVE_TOOLS);
        }
        for (int i = 0; i < conversation.messages().size(); i++) {
            checkTurn(conversation, i, text, prompt);
        }
    }

    private void checkTurn(Conversation conversation, int i, String text, boolean prompt) {
        Message turn = conversation.messages().get(i);
        for (String field : fields(turn)) {
            // Reasoning is the template's to leave out: many write that of the last answer alone.
            boolean always = Message.isCalls(field) || field.equals(NAME);
            require(
                    !always || changes(conversation.with(i, turn.without(field)), text, prompt),
                    field + where(i),
                    right(field));
        }
        String said = WhiteSpace.strip(turn.content());
        if (said.isEmpty() || text.contains(said)) {
            return;
        }
        require(
                !turn.isRich(),
                "content beside calls or reasoning" + where(i),
                "write it as a turn of its own, or remove it");
        require(
                turn.isAnswer() || changes(conversation.without(i), text, prompt),
                "a turn of role " + turn.role().text() + " (turn " + (i + 1) + ")",
                "leave the row out, or write the turn as the template's roles have it");
    }

    /** The fields of a turn that a template has to write. */
    private static List<String> fields(Message turn) {
        List<String> fields = new ArrayList<>();
        turn.fields().fieldNames().forEachRemaining(field -> {
            boolean tie = turn.role().isTool() && TIES.contains(field);
            if (!tie && !field.equals("content")) {
                fields.add(field);
            }
        });
        return fields;
    }

    private static String where(int i) {
        return " in turn " + (i + 1);
    }

    private static String right(String field) {
        if (field.equals(NAME)) {
            return "remove it";
        }
        return Message.isCalls(field)
                ? "leave the row out, or give the model a template that writes calls as " + field
                : "write it into the answer, or remove it";
    }

    /** Whether the template makes something else of a conversation; it does too where it takes the other one alone. */
    private boolean changes(Conversation other, String text, boolean prompt) {
        return !template.attempt(other, prompt).map(text::equals).orElse(false);
    }

    private static void require(boolean used, String what, String right) {
        if (!used) {
            throw new TrainerException(Fault.DATASET_INVALID, "has " + what + LEFT_OUT + right);
        }
    }
}
