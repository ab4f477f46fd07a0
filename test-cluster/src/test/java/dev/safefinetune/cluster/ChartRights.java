package dev.safefinetune.cluster;

import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rights that the chart gives the operator. */
public final class ChartRights {
    private static final Path RULES = Path.of("../charts/safe-fine-tune-operator/files/rbac");

    private ChartRights() {}

    /** Gives a user exactly these, in every namespace. */
    public static void grant(KubernetesClient client, String user) throws IOException {
        ClusterRoleBuilder role =
                new ClusterRoleBuilder().withNewMetadata().withName(user).endMetadata();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(RULES, "*.yaml")) {
            for (Path file : files) {
                // The names in the operator's own namespace, as in its settings.
                String rules = Files.readString(file)
                        .replace("{{ .Release.Name }}", "safe-fine-tune-operator")
                        .replace("{{ include \"safe-fine-tune.signingSecret\" . }}", "safe-fine-tune-operator-signing");
                role.addToRules(Serialization.unmarshal(rules, PolicyRule[].class));
            }
        }
        client.resource(role.build()).forceConflicts().serverSideApply();
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(user)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", user)
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .serverSideApply();
    }
}
