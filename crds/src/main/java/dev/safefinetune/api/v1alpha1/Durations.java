package dev.safefinetune.api.v1alpha1;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spans of time as manifests write them: a whole number and s, m or h, such as {@code 10m}. */
public final class Durations {
    static final int MAX_LENGTH = 8;
    static final String POSITIVE = "self.matches('^[1-9][0-9]{0,5}(s|m|h)$')";
    static final String ANY = "self.matches('^(0|[1-9][0-9]{0,5})(s|m|h)$')";

    private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,5})([smh])");

    private Durations() {}

    /**
     * Reads a span.
     *
     * @throws IllegalArgumentException when it is written otherwise
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("a duration is a whole number and s, m or h, such as 10m, was " + text);
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "h" -> Duration.ofHours(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }
}
