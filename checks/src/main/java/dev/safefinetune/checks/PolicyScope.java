package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.LabelRequirement;
import dev.safefinetune.api.v1alpha1.NamespaceSelector;
import java.util.List;
import java.util.Map;

/** Which namespaces a policy holds in, by the rules of label selectors. */
final class PolicyScope {
    private PolicyScope() {}

    static boolean selects(NamespaceSelector selector, Map<String, String> labels) {
        Map<String, String> exact = selector.matchLabels();
        List<LabelRequirement> requirements = selector.matchExpressions();
        return (exact == null
                        || exact.entrySet().stream()
                                .allMatch(label -> label.getValue().equals(labels.get(label.getKey()))))
                && (requirements == null || requirements.stream().allMatch(r -> meets(r, labels)));
    }

    private static boolean meets(LabelRequirement requirement, Map<String, String> labels) {
        String value = labels.get(requirement.key());
        List<String> values = requirement.values() == null ? List.of() : requirement.values();
        return switch (requirement.operator()) {
            case IN -> value != null && values.contains(value);
            case NOT_IN -> value == null || !values.contains(value);
            case EXISTS -> value != null;
            case DOES_NOT_EXIST -> value == null;
        };
    }
}
