package dev.safefinetune.cluster.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.cluster.chart.Chart;
import java.util.Locale;

/** Kinds of other projects, as far as admission looks at them: a group, a name, some spec. */
final class CustomKind {
    private CustomKind() {}

    static ObjectNode definition(String group, String kind) {
        String plural = kind.toLowerCase(Locale.ROOT) + "s";
        // The API server keeps groups below k8s.io to those that were approved.
        return (ObjectNode)
                Chart.objects("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata:
                  name: %s.%s
                  annotations: {api-approved.kubernetes.io: "unapproved, experimental-only"}
                spec:
                  group: %s
                  scope: Namespaced
                  names: {kind: %s, plural: %s, singular: %s}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """.formatted(plural, group, group, kind, plural, kind.toLowerCase(Locale.ROOT)))
                        .getFirst();
    }
}
