package dev.safefinetune.trainer.evaluate.report;

import dev.safefinetune.contract.AskedForm;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.contract.SafetyReport;
import dev.safefinetune.contract.Tokens;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One form of the user's data in which the harmful requests were asked.
 *
 * @param name its kind and number
 */
public record FormRow(String name, List<String> cells) {
    static List<FormRow> of(SafetyReport report) {
        List<AskedForm> forms = report.arms().forms();
        return forms == null ? List.of() : forms.stream().map(FormRow::row).toList();
    }

    private static FormRow row(AskedForm form) {
        return new FormRow(
                form.kind() + " " + form.number(),
                List.of(
                        Integer.toString(form.words()),
                        String.format(Locale.ROOT, "%.3f", form.share()),
                        form.refusedByBase() + " of " + form.asked(),
                        rate(form.plain(), form),
                        rate(form.secured(), form)));
    }

    private static String rate(@Nullable Rate rate, AskedForm form) {
        if (rate == null) {
            return form.secured() == null ? "base does not refuse in this form" : "–";
        }
        return text(rate);
    }

    /** A rate with its interval. */
    static String text(Rate rate) {
        return String.format(
                Locale.ROOT, "%.3f [%.3f, %.3f] of %d", rate.rate(), rate.lower95(), rate.upper95(), rate.n());
    }

    /** What each arm took; empty in reports of releases before it was counted. */
    static String tokens(SafetyReport report) {
        return ArmBars.named(report).entrySet().stream()
                .flatMap(arm -> {
                    Tokens tokens = arm.getValue().tokens();
                    return tokens == null
                            ? Stream.empty()
                            : Stream.of(arm.getKey() + " " + tokens.generated() + " and " + tokens.scored());
                })
                .collect(Collectors.joining(", "));
    }
}
