package dev.safefinetune.operator.progress;

import dev.safefinetune.operator.plan.ProgressPath;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whose progress a request is about. */
record ReportPath(String namespace, String plural, String name, String run) {
    private static final String NAME = "([a-z0-9][a-z0-9.-]{0,252})";
    private static final Pattern PATH =
            Pattern.compile(ProgressPath.TEMPLATE.replaceAll("\\{[a-z]+}", Matcher.quoteReplacement(NAME)));

    static Optional<ReportPath> parse(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches()
                ? Optional.of(new ReportPath(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)))
                : Optional.empty();
    }
}
