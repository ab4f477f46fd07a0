package dev.safefinetune.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.trainer.tokenize.jinja.JinjaException;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The template engine, held against transformers on the cases of {@code src/test/python/make_template_fixtures.py}. */
class ChatTemplateTest {
    private static final Path TEMPLATES = Path.of("src/test/resources/templates");

    @Test
    void rendersRefusesAndMarksAsTransformersDoes() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(TEMPLATES.resolve("cases.json").toFile());
        assertThat(cases.size()).isGreaterThan(100);
        for (JsonNode expected : cases) {
            String title = expected.path("template").asText() + ": "
                    + expected.path("title").asText();
            String source =
                    Files.readString(TEMPLATES.resolve(expected.path("template").asText() + ".jinja"));
            if (expected.has("refusedWith")) {
                assertThatThrownBy(() -> render(source, variables(expected)))
                        .as(title)
                        .isInstanceOfSatisfying(
                                JinjaException.class,
                                e -> assertThat(e.isRefusal()).isTrue())
                        .hasMessage(expected.path("refusedWith").asText());
                continue;
            }
            JinjaTemplate.Rendering rendering = render(source, variables(expected));
            assertThat(rendering.text())
                    .as(title)
                    .isEqualTo(expected.path("rendered").asText());
            if (expected.has("assistantSpans")) {
                assertThat(spans(rendering))
                        .as(title)
                        .isEqualTo(expected.path("assistantSpans").toString());
            }
        }
    }

    private static final String DOUBLED = "{% set ns = namespace(t='aaaa', l=['aaaa']) %}{% for i in range(40) %}";
    private static final String LONG = "{% set t = 'a' * 10000 %}";
    private static final String MANY = "{% set ns = namespace(l=[('a' * 10000) * 100]) %}"
            + "{% for i in range(6) %}{% set ns.l = ns.l + ns.l %}{% endfor %}";

    private static final String[][] IMPOSSIBLE = {
        {DOUBLED + "{% set ns.t = ns.t ~ ns.t %}{% endfor %}", "line 1: a text is longer than"},
        {DOUBLED + "{% set ns.t = ns.t + ns.t %}{% endfor %}", "a text is longer than"},
        {DOUBLED + "{% set ns.l = ns.l + ns.l %}{% endfor %}", "a list is longer than"},
        {LONG + "{{ t | replace('a', t) }}", "a text is longer than"},
        {LONG + "{{ t.replace('a', t) }}", "a text is longer than"},
        {LONG + "{{ t.replace('a', t, 9000) }}", "a text is longer than"},
        {LONG + "{{ t.replace('', t) }}", "a text is longer than"},
        {MANY + "{{ ns.l | join }}", "a text is longer than"},
        {MANY + "{{ ''.join(ns.l) }}", "a text is longer than"},
        {MANY + "{{ ns.l ~ '' }}", "a text is longer than"},
        {MANY + "{{ ns.l | tojson }}", "a text is longer than"},
        {"{{ range(-9223372036854775807, 9223372036854775807) }}", "more than 100000"},
        {"{{ range(9223372036854775807, -9223372036854775807, -1) }}", "more than 100000"},
        {"{% for x in range(1000000000) %}a{% endfor %}", "more than 100000"},
        {"{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "works through more than"},
        {"{% for a in range(99999) %}{% for b in [" + "1,".repeat(60) + "2] %}{% endfor %}{% endfor %}", "to an end"},
        {"{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "without end"},
        {"{{ 'aaaaaaaaaa' * 1000000000 }}", "too long"},
        {"{% include 'other' %}", "statement 'include' is not supported"},
        {"{{ ''.__class__ }}{{ ''.__class__.x }}", "is undefined"},
        {"{{ cycler('a') }}", "'cycler' is undefined"},
        {"{{ messages | xmlattr }}", "filter 'xmlattr' is not supported"},
        {"{% if x %}", "expected"},
        {"{{ 'open }}", "line 1"},
        {"\n{{ 1 + 'a' }}", "line 2: '+' does not work"},
        {"{{ undefined_thing.member }}", "'undefined_thing' is undefined"},
    };

    @Test
    void whatATemplateCannotDo() {
        for (String[] impossible : IMPOSSIBLE) {
            assertThatThrownBy(() -> render(impossible[0], Map.of("messages", List.of())))
                    .as(impossible[0])
                    .isInstanceOf(JinjaException.class)
                    .hasMessageContaining(impossible[1]);
        }
    }

    /** As Python does it. */
    @Test
    void replacesAndCountsUpToTheLastNumber() {
        assertThat(render("{{ 'aXbXc'.replace('X', '--') }} {{ 'aXbXc'.replace('X', '', 1) }}", Map.of())
                        .text())
                .isEqualTo("a--b--c abXc");
        assertThat(render("{{ 'ab'.replace('', '-') }} {{ 'aaa' | replace('aa', 'b') }}", Map.of())
                        .text())
                .isEqualTo("-a-b- ba");
        assertThat(render("{{ 'aaa' | replace('a', 'b', 2) }} {{ 'a'.replace('x', 'y') }}", Map.of())
                        .text())
                .isEqualTo("bba a");
        assertThat(render("{{ range(9223372036854775800, 9223372036854775807, 10) }}", Map.of())
                        .text())
                .isEqualTo("[9223372036854775800]");
        assertThat(render("{{ range(7, 1, -3) }}{{ range(1, 7) }}{{ range(3, 1) }}{{ range(1, 8, 3) }}", Map.of())
                        .text())
                .isEqualTo("[7, 4][1, 2, 3, 4, 5, 6][][1, 4, 7]");
    }

    @Test
    void deepNestingIsRefusedAndNotAStackOverflow() {
        assertThatThrownBy(() -> render("{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}", Map.of()))
                .hasMessageContaining("too deeply nested");
        assertThatThrownBy(() -> render("{% if a %}".repeat(5000), Map.of())).hasMessageContaining("too deeply nested");
    }

    private static JinjaTemplate.Rendering render(String source, Map<String, Object> variables) {
        return JinjaTemplate.parse(source, () -> ZonedDateTime.of(2026, 3, 5, 14, 7, 9, 0, ZoneOffset.UTC))
                .render(variables);
    }

    private static String spans(JinjaTemplate.Rendering rendering) {
        List<String> spans = new ArrayList<>();
        rendering
                .generated()
                .forEach(s -> spans.add("[" + rendering.text().codePointCount(0, s.start()) + ","
                        + rendering.text().codePointCount(0, s.end()) + "]"));
        return "[" + String.join(",", spans) + "]";
    }

    private static Map<String, Object> variables(JsonNode expected) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("messages", new ObjectMapper().convertValue(expected.path("messages"), List.class));
        variables.put(
                "add_generation_prompt", expected.path("addGenerationPrompt").asBoolean());
        variables.put("tools", JinjaTemplate.none());
        if (expected.path("bosToken").isTextual()) {
            variables.put("bos_token", expected.path("bosToken").asText());
        }
        if (expected.path("eosToken").isTextual()) {
            variables.put("eos_token", expected.path("eosToken").asText());
        }
        return variables;
    }
}
