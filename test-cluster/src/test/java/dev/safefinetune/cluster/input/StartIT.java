package dev.safefinetune.cluster.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.CrdStamp;
import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.OperatorProcess;
import dev.safefinetune.local.judge.Crds;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keeps the operator from starting is named in its log; once that is put right it starts, without a restart. */
class StartIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Its own, because rights and CRDs are everybody's. */
    private static final ControlPlane SERVER = ControlPlane.start();

    @TempDir
    static Path directory = Path.of(".");

    @BeforeEach
    void putRight() throws Exception {
        for (String plural : CustomResourceDefinitions.PLURALS) {
            client().resource(Crds.read(plural)).forceConflicts().serverSideApply();
        }
        Crds.install(client());
        ChartRights.grant(client(), ControlPlane.OPERATOR);
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    private static KubernetesClient client() {
        return SERVER.client();
    }

    @Test
    void aMissingRightIsNamed() throws Exception {
        client().rbac().clusterRoles().withName(ControlPlane.OPERATOR).edit(role -> {
            role.getRules().stream()
                    .filter(rule -> rule.getResources().contains("jobs"))
                    .forEach(rule -> rule.setVerbs(List.of("get", "list", "watch")));
            return role;
        });
        startsOnceThisIsPutRight(
                "a rule is missing for the whole cluster: {apiGroups: [\"batch\"], resources: [jobs], verbs: [create");
    }

    /** Annotations as an older or a newer release would have written them. */
    @ParameterizedTest
    @CsvSource({"0.0.1, older than the operator (0.0.1 <", "99.0.0, newer than the operator (99.0.0 >"})
    void aCrdOfAnotherReleaseIsNamed(String version, String said) throws Exception {
        String name = CustomResourceDefinitions.name("safefinetunes");
        client().apiextensions().v1().customResourceDefinitions().withName(name).edit(crd -> {
            crd.getMetadata().getAnnotations().put(CrdStamp.VERSION, version);
            crd.getMetadata().getAnnotations().put(CrdStamp.DIGEST, "another");
            return crd;
        });
        startsOnceThisIsPutRight("CRD " + name + " is " + said);
    }

    @Test
    void aMissingCrdIsNamed() throws Exception {
        String name = CustomResourceDefinitions.name("securityvectors");
        client().apiextensions().v1().customResourceDefinitions().withName(name).delete();
        startsOnceThisIsPutRight("CRD " + name + " is missing");
    }

    private void startsOnceThisIsPutRight(String said) throws Exception {
        try (OperatorProcess operator = OperatorProcess.start(SERVER.operatorKubeconfig(), directory)) {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!operator.log().contains(said)) {
                assertThat(System.nanoTime()).as(operator.log()).isLessThan(deadline);
                Thread.sleep(100);
            }
            assertThat(operator.isAlive()).isTrue();
            assertThat(operator.log()).doesNotContain("] watching");
            putRight();
            operator.awaitWatching();
        }
    }
}
