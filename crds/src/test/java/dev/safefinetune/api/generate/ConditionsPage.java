package dev.safefinetune.api.generate;

import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.Reason;

/** {@code docs/conditions.md}: what stands on a resource's status, and when. */
final class ConditionsPage {
    private ConditionsPage() {}

    static String page() {
        StringBuilder page = new StringBuilder("""
                # Conditions

                <!-- Generated from ConditionType and Reason; `make generate` writes it anew. -->

                `kubectl get sft` prints the phase; the conditions say why. Each has `status` (True, False, Unknown), a `reason`
                for programs, a `message` for people and the `observedGeneration` of the spec that it is about.

                | type | meaning |
                |---|---|
                """);
        for (ConditionType type : ConditionType.values()) {
            row(page, type.text(), type.description());
        }
        page.append("""

                ## Reasons

                | reason | when |
                |---|---|
                """);
        for (Reason reason : Reason.values()) {
            row(page, reason.text(), reason.description());
        }
        return page.toString();
    }

    private static void row(StringBuilder page, String name, String text) {
        page.append("| `").append(name).append("` | ").append(text).append(" |\n");
    }
}
