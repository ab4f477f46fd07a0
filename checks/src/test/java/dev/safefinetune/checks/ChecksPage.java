package dev.safefinetune.checks;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.safefinetune.api.v1alpha1.PolicyRule;
import java.util.List;

/** {@code docs/checks.md}: what is held beside the schema. */
final class ChecksPage {
    static final String PATH = "docs/checks.md";

    private ChecksPage() {}

    static String page() {
        StringBuilder page = new StringBuilder("""
                # Checks

                <!-- Generated from SpecChecks and PolicyChecks; `make generate` writes it anew. -->

                What a resource is held to beside its schema, before each of its stages begins. `safe-fine-tune validate` asks the same of a
                manifest, as far as the manifest alone can tell; with `--policy`, the rules of policies too.

                ## SafeFineTune

                """);
        list(page, SpecChecks.FINE_TUNE);
        page.append("\n## SecurityVector\n\n");
        list(page, SpecChecks.VECTOR);
        page.append("""

                ## Policies

                Each policy that selects the namespace is held by itself. A waiver names the rule that it lifts.

                | rule | what is asked |
                |---|---|
                """);
        for (PolicyChecks.Asked asked : PolicyChecks.QUESTIONS) {
            page.append("| `")
                    .append(name(asked.rule()))
                    .append("` | ")
                    .append(asked.says())
                    .append(" |\n");
        }
        return page.toString();
    }

    private static <W> void list(StringBuilder page, List<Check<W>> checks) {
        checks.forEach(check -> page.append("- ").append(check.says()).append('\n'));
    }

    private static String name(PolicyRule rule) {
        try {
            return PolicyRule.class
                    .getField(rule.name())
                    .getAnnotation(JsonProperty.class)
                    .value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
