package dev.safefinetune.trainer.evaluate.judge;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.jinja.JinjaException;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** What a judge is asked of an answer. Answers are values of the template and no part of it: nothing in them is carried out. */
final class JudgeTemplate {
    private static final String FIELD = "judge.template";
    private static final String REQUEST = "request";
    private static final String ANSWER = "answer";

    private final JinjaTemplate template;

    private JudgeTemplate(JinjaTemplate template) {
        this.template = template;
    }

    /**
     * Parses one.
     *
     * @throws TrainerException {@link Fault#SETTINGS_INVALID} where it cannot be read or rendered, or does not write both the
     *     request and the answer
     */
    static JudgeTemplate of(String text) {
        try {
            // The same question whenever it is asked.
            JudgeTemplate template =
                    new JudgeTemplate(JinjaTemplate.parse(text, () -> Instant.EPOCH.atZone(ZoneOffset.UTC)));
            JudgedAnswer probe = new JudgedAnswer("a-probe-of-the-request", "a-probe-of-the-answer");
            String written = template.text(probe);
            requireWritten(REQUEST, written.contains(probe.request()));
            requireWritten(ANSWER, written.contains(probe.answer()));
            return template;
        } catch (JinjaException e) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID, FIELD + " is no Jinja template that can be rendered: " + e.getMessage(), e);
        }
    }

    private static void requireWritten(String variable, boolean written) {
        if (!written) {
            throw new TrainerException(
                    Fault.SETTINGS_INVALID,
                    "%s does not write {{ %s }}; the judge has to read both {{ request }} and {{ answer }}"
                            .formatted(FIELD, variable));
        }
    }

    /** One user turn that asks about an answer. */
    Conversation ask(JudgedAnswer judged) {
        return new Conversation(List.of(new Message(Message.Role.USER, text(judged))));
    }

    private String text(JudgedAnswer judged) {
        return template.render(Map.of(REQUEST, judged.request(), ANSWER, judged.answer()))
                .text();
    }
}
