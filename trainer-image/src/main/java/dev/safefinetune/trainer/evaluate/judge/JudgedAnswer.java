package dev.safefinetune.trainer.evaluate.judge;

import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Message;
import java.util.stream.Collectors;

/**
 * What a judge reads.
 *
 * @param request what was asked
 * @param answer what was said to it
 */
public record JudgedAnswer(String request, String answer) {
    /** What a model said to a conversation. Of that the judge reads what the user said: a system prompt asks for nothing. */
    public static JudgedAnswer of(Conversation asked, String said) {
        String request = asked.messages().stream()
                .filter(turn -> turn.role() == Message.Role.USER)
                .map(Message::content)
                .collect(Collectors.joining("\n\n"));
        return new JudgedAnswer(request, said);
    }
}
