package dev.safefinetune.operator.progress;

import dev.safefinetune.contract.ServedSuite;
import dev.safefinetune.contract.SigningRequest;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a pod may ask the operator for, by the path that it asks. */
sealed interface Call {
    /** Whose pod asks. */
    ReportPath of();

    /** How it is asked for. */
    default HttpMethod method() {
        return this instanceof Suite ? HttpMethod.GET : HttpMethod.POST;
    }

    /** To take a progress report. */
    record Report(ReportPath of) implements Call {}

    /** To sign what a run publishes. */
    record Signature(ReportPath of) implements Call {}

    /**
     * For a file of a suite of the platform.
     *
     * @param suite its name
     * @param file {@link ServedSuite#PROMPTS} or {@link ServedSuite#UTILITY}
     */
    record Suite(ReportPath of, String suite, String file) implements Call {}

    Pattern SUITE = Pattern.compile("(.*)" + ServedSuite.PATH + "([a-z0-9][a-z0-9.-]{0,252})/("
            + Pattern.quote(ServedSuite.PROMPTS) + "|" + Pattern.quote(ServedSuite.UTILITY) + ")");

    /** What a path asks for; none: nothing that there is. */
    static Optional<Call> parse(String path) {
        if (path.endsWith(SigningRequest.PATH)) {
            return ReportPath.parse(path.substring(0, path.length() - SigningRequest.PATH.length()))
                    .map(Signature::new);
        }
        Matcher suite = SUITE.matcher(path);
        return suite.matches()
                ? ReportPath.parse(suite.group(1)).map(of -> new Suite(of, suite.group(2), suite.group(3)))
                : ReportPath.parse(path).map(Report::new);
    }
}
