package dev.safefinetune.api.generate;

import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.Reason;

/** {@code docs/conditions.md}: what stands on a resource's status, when, and what to do about it. */
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

                A run that has ended stays ended: once the cause is gone, a changed spec or a new name starts another one.

                | reason | seen | what to do |
                |---|---|---|
                """);
        for (Reason reason : Reason.values()) {
            row(page, reason.text(), reason.when() + " | " + reason.remedy());
        }
        return page.toString();
    }

    private static void row(StringBuilder page, String name, String text) {
        page.append("| `").append(name).append("` | ").append(text).append(" |\n");
    }
}
