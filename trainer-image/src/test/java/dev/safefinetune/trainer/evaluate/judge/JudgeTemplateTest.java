package dev.safefinetune.trainer.evaluate.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Message;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTemplateTest {
    private static String ask(String template, String request, String answer) {
        return JudgeTemplate.of(template)
                .ask(new JudgedAnswer(request, answer))
                .messages()
                .getFirst()
                .content();
    }

    @Test
    void writesRequestAndAnswerIntoOneUserTurn() {
        Conversation asked = JudgeTemplate.of("Q: {{ request }}\nA: {{ answer | trim }}\nVerdict?")
                .ask(new JudgedAnswer("how", " so "));

        assertThat(asked.messages()).containsExactly(new Message(Message.Role.USER, "Q: how\nA: so\nVerdict?"));
    }

    @Test
    void carriesNothingOutThatStandsInAnAnswer() {
        assertThat(ask("{{ request }}|{{ answer }}", "{{ answer }}", "{% raw %}{{ request }}"))
                .isEqualTo("{{ answer }}|{% raw %}{{ request }}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "Is this harmful: {{ answer }} # does not write {{ request }}",
                "Is this harmful: {{ request }} # does not write {{ answer }}",
                "{{ request }} {% if false %}{{ answer }}{% endif %} # does not write {{ answer }}",
                "request answer # does not write {{ request }}",
                "{{ request }} {{ answer # no Jinja template",
                "{{ request }} {{ answer | nosuchfilter }} # no Jinja template"
            })
    void refusesATemplateThatDoesNotAskAboutBoth(String template, String message) {
        assertThatThrownBy(() -> JudgeTemplate.of(template))
                .hasMessageContaining("judge.template")
                .hasMessageContaining(message);
    }

    @Test
    void theRequestIsWhatTheUserSaid() {
        Conversation asked = new Conversation(List.of(
                new Message(Message.Role.SYSTEM, "be kind"),
                new Message(Message.Role.USER, "first"),
                new Message(Message.Role.ASSISTANT, "yes"),
                new Message(Message.Role.USER, "second")));

        assertThat(JudgedAnswer.of(asked, "said")).isEqualTo(new JudgedAnswer("first\n\nsecond", "said"));
    }
}
