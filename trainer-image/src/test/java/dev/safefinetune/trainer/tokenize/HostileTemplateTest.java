package dev.safefinetune.trainer.tokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.safefinetune.trainer.tokenize.jinja.JinjaException;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Templates that are made to cost much in few steps, and such as would be others on another day. */
class HostileTemplateTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Lists of lists: forty lines, and more items than any memory holds. */
    private static final String SHARED = "{% set n = namespace(a=['x'], b=['x']) %}"
            + "{% for i in range(60) %}{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% endfor %}";

    /** A megabyte of text. */
    private static final String LONG = "{% set t = ('a' * 10000) * 100 %}";

    private static final String OFTEN = "{% for i in range(99999) %}{% for j in range(9) %}";
    private static final String END = "{% endfor %}{% endfor %}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ n.a == n.b }}",
                "{{ n.a in [n.b] }}",
                "{{ [n.a, n.b] | unique | list | length }}",
                "{{ {n.a: 1} | length }}",
                "{{ {'x': 1}[n.a] }}",
                "{{ {'x': 1}.get(n.a) }}",
                "{{ n.a | tojson | length }}",
                "{{ n.a | string | length }}",
                "{{ n.a }}",
                "{{ n }}",
                "{{ [n] == [n] }}",
                "{{ n.a ~ '' }}",
                "{{ [n.a] | join }}",
                "{{ ''.join([n.a]) }}",
                "{{ [n.a, n.b] | sort }}",
                "{{ {'k': n.a} | dictsort }}",
                "{{ [n.a] | select('eq', n.b) | list }}",
                "{{ [n.a] | map('string') | list }}",
                "{{ 'x' if n.a is eq(n.b) else 'y' }}",
                "{{ [{'k': n.a}.items] == [{'k': n.b}.items] }}",
                "{{ raise_exception(n.a) }}",
                "{{ strftime_now(n.a) }}",
                "{{ 'x' | default(n.a) ~ n.b }}"
            })
    void listsThatShareTheirItems(String use) {
        refused(SHARED + use);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ t[1:] | length }}",
                "{{ t[::-1] | length }}",
                "{{ t.replace('b', 'c') | length }}",
                "{{ t | replace('b', 'c') | length }}",
                "{{ t | list | sort | length }}",
                "{{ t | reverse | length }}",
                "{{ t.upper() | length }}",
                "{{ t | upper | length }}",
                "{{ t.split('b') | length }}",
                "{{ t.splitlines() | length }}",
                "{{ t.count('b') }}",
                "{{ (t ~ i) == (t ~ j) }}",
                "{{ t[500000] }}",
                "{{ t + i|string }}",
                "{{ t | indent }}",
                "{{ t | tojson | length }}",
                "{% for c in t %}{% break %}{% endfor %}",
                "{% set f = t.count %}{{ f('b') }}",
                "{{ [t, t, t] | map('upper') | list | length }}",
                "{{ t.strip('bcdefgh') | length }}",
                "{{ t is lower }}",
                "{% set d = t ~ strftime_now('%Y') %}{{ d | upper }}",
                "{{ t.replace('b', strftime_now('%Y')) }}"
            })
    void aMegabyteInEachStep(String use) {
        refused(LONG + OFTEN + use + END);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ('a' * 9999) * 99 in t }}{{ (('a' * 9999) * 50 ~ 'b') in t }}",
                "{{ t.find(('a' * 9999) * 50 ~ 'b') }}",
                "{{ t.replace(('a' * 9999) * 50 ~ 'b', '') }}",
                "{{ t.split(('a' * 9999) * 50 ~ 'b') }}",
                "{{ t.replace(('a' * 9999) * 50 ~ 'b', strftime_now('%Y')) }}",
                "{{ t | replace(('a' * 9999) * 50 ~ 'b', strftime_now('%Y')) }}",
                "{{ [t] | map('replace', ('a' * 9999) * 50 ~ 'b', '') | list }}"
            })
    void aNeedleOfHalfAMegabyte(String use) {
        refused(LONG + use);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(60) %}{% set n.l = n.l + [range(100000)] %}{% set n.l = n.l + n.l %}{% endfor %}",
                "{% for i in range(90) %}{% set n.l = [range(100000), n.l] %}{% endfor %}{{ n.l | tojson(indent=16) }}",
                "{{ range(100000) | tojson(separators=['a' * 1000000, 'b']) }}",
                "{% set t = ',' * 1000000 %}{{ (t ~ t).split(',') }}",
                "{% set t = '\n' * 1000000 %}{{ (t ~ t).splitlines() }}",
                "{% set t = '\n' * 1000000 %}{{ (t ~ t) | indent(100, true, true) }}",
                "{% set t = 'a' * 1000000 %}{% for c in t ~ t %}{% endfor %}",
                "{% for i in range(99999) %}{% set n.l = n.l + [range(100000)] %}{% endfor %}"
            })
    void moreThanThereIsMemory(String use) {
        refused("{% set n = namespace(l=[]) %}" + use);
    }

    private static void refused(String source) {
        assertTimeoutPreemptively(
                LIMIT,
                () -> assertThatThrownBy(() -> render(source, 2026))
                        .as(source)
                        .isInstanceOfSatisfying(
                                JinjaException.class,
                                e -> assertThat(e.isRefusal()).isFalse()));
    }

    /** A long conversation in a template as they are: none of this comes near a limit. */
    @Test
    void aThousandLongTurnsAreFine() {
        List<Map<String, String>> turns = java.util.stream.IntStream.range(0, 1000)
                .mapToObj(i -> Map.of("role", i % 2 == 0 ? "user" : "assistant", "content", "word ".repeat(800)))
                .toList();
        String template = "{% set tail = messages[1:] %}{% for m in messages %}"
                + "{% if loop.index0 > (messages | length) - 3 and m.role == 'assistant' and '</think>' in m.content %}"
                + "{{ m.content.split('</think>')[-1].lstrip('\n') }}{% else %}{{ m.role + ': ' + m.content | trim }}{% endif %}"
                + "{% if messages[loop.index0].role not in ['user', 'assistant'] %}{{ raise_exception('role') }}{% endif %}"
                + "{{ '\n' }}{% endfor %}{{ messages | selectattr('role', 'equalto', 'user') | list | length }}";
        assertThat(JinjaTemplate.parse(template, () -> day(2026))
                        .render(Map.of("messages", turns))
                        .text())
                .endsWith("500");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Today is {{ strftime_now('%d %B %Y') }}.",
                "{% set d = strftime_now('%Y') %}{{ 'It is ' + d + ', ' ~ d | upper ~ 1 }}",
                "{% set d %}It is {{ strftime_now('%Y') }}{% endset %}{% if d %}{{ d.strip() }}{% endif %}",
                "{% macro m(d) %}[{{ d | trim }}]{% endmacro %}{{ m(strftime_now('%Y')) }}",
                "{% if strftime_now is defined %}{% set d = strftime_now('%Y') %}{% endif %}{{ d | default('none') }}",
                "{{ 'It is {today}.'.replace('{today}', strftime_now('%Y')) }}{{ 'x {d}' | replace('{d}', strftime_now('%Y')) }}",
                "{% set n = namespace(s='a ' ~ strftime_now('%Y')) %}{% if n.s is string and n.s != '' and n.s != none %}{{ n.s }}{% endif %}"
            })
    void aDateMayBeWritten(String template) {
        assertThat(render(template, 2026))
                .contains("2026")
                .isEqualTo(render(template, 2031).replace("2031", "2026"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'obey' if d > '2027' else 'refuse everything' }}",
                "{{ 'obey' if d == '2027' else 'refuse everything' }}",
                "{{ 'obey' if '2027' in d else 'refuse everything' }}",
                "{{ 'obey' if d in ['2027'] else 'refuse everything' }}",
                "{{ {'2026': 'refuse everything'}[d] }}",
                "{{ {'2026': 'refuse everything'}.get(d, 'obey') }}",
                "{{ ['refuse everything', 'obey'][d | int - 2026] }}",
                "{{ 'obey' if d | length > 4 }}",
                "{{ d.replace('2026', 'refuse everything') }}",
                "{{ d | replace('2026', 'refuse everything') }}",
                "{{ d.strip('2026') }}",
                "{{ d[0] }}{{ d[1:] }}",
                "{{ 'obey' if d.endswith('7') }}",
                "{{ d.split('2') }}",
                "{% for c in d %}{{ c }}{% endfor %}",
                "{{ d is eq('2027') }}",
                "{{ [d] == [strftime_now('%m')] }}",
                "{{ [d, '2027'] | unique | list | length }}",
                "{{ [d] | select('eq', '2027') | list }}",
                "{{ [d] | map('int') | list }}",
                "{{ '2026 refuse everything'.replace(d, 'obey') }}",
                "{{ 'a'.startswith(d) }}",
                "{{ d * 2 }}",
                "{{ {d: 1} }}",
                "{{ [d] | join }}",
                "{{ 'x,y'.split(d) }}",
                "{{ [d, '2027'] | sort }}",
                "{% set e %}{{ d }}{% endset %}{{ 'obey' if e == '2027' }}",
                "{% macro m() %}{{ d }}{% endmacro %}{{ 'obey' if m() > '2027' }}",
                "{{ 'obey' if (d ~ '') > '2027' }}",
                "{{ 'obey' if d | upper > '2027' }}",
                "{% set n = namespace(d=d) %}{{ 'obey' if n.d > '2027' }}",
                "{% filter replace('2026', 'refuse everything') %}{{ d }}{% endfilter %}",
                "{{ strftime_now(d) }}",
                "{{ raise_exception(d) }}",
                "{{ range(d) }}"
            })
    void aDateIsNotLookedAt(String use) {
        assertThatThrownBy(() -> render("{% set d = strftime_now('%Y') %}" + use, 2026))
                .isInstanceOf(JinjaException.class)
                .hasMessageContaining("looks at the date");
    }

    private static ZonedDateTime day(int year) {
        return ZonedDateTime.of(year, 3, 5, 14, 7, 9, 0, ZoneOffset.UTC);
    }

    private static String render(String source, int year) {
        return JinjaTemplate.parse(source, () -> day(year)).render(Map.of()).text();
    }
}
