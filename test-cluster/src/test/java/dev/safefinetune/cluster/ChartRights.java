package dev.safefinetune.cluster;

import dev.safefinetune.local.judge.ManifestCase;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The rights that the chart gives the operator. */
final class ChartRights {
    private static final Path TEMPLATE = Path.of("../charts/safe-fine-tune-operator/templates/rbac.yaml");

    private ChartRights() {}

    /** Gives a user exactly these. */
    static void grant(KubernetesClient client, String user) throws IOException {
        String template = Files.readString(TEMPLATE);
        // The rules have no template in them; the rest is about names.
        String rules = template.substring(template.indexOf("rules:"), template.indexOf("---"));
        ClusterRole role = Serialization.unmarshal(ManifestCase.json(rules).toString(), ClusterRole.class);
        role.setMetadata(new ObjectMetaBuilder().withName(user).build());
        client.resource(role).create();
        client.resource(new ClusterRoleBindingBuilder()
                        .withNewMetadata()
                        .withName(user)
                        .endMetadata()
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", user)
                        .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                        .build())
                .create();
    }
}
