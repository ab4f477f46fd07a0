package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The chart's network policies, in a cluster that enforces them: trainer pods reach the operator, and nobody else does. */
class NetworkE2E {
    private static final Map<String, String> TRAINER = Map.of("app.kubernetes.io/managed-by", Cluster.OPERATOR);
    private static final String API_SERVER = "https://kubernetes.default.svc/";
    private static final String CHART = "../charts/safe-fine-tune-operator";

    private static Team team = new Team("e2e-network");

    @BeforeAll
    static void make() {
        team = Team.fresh("e2e-network");
    }

    @AfterAll
    static void remove() {
        team.close();
    }

    @Test
    void onlyATrainerPodReachesTheOperator() {
        String url = operator();
        Probe.Outcome trainer = Probe.in(team.namespace(), TRAINER).attempt("get", url);
        assertThat(trainer.succeeded())
                .as("a trainer's pod asks %s: %s", url, trainer.log())
                .isTrue();

        Probe.Outcome stranger = Probe.in(team.namespace()).attempt("get", url);
        assertThat(stranger.succeeded())
                .as("another pod asks %s: %s", url, stranger.log())
                .isFalse();
        assertThat(stranger.log()).containsAnyOf("deadline exceeded", "connection refused", "timeout");
    }

    /** The policy for the namespaces of teams, as docs/operations.md puts it under a team's own hand. */
    @Test
    void aTrainerPodReachesTheOperatorAndNobodyElse() {
        try (Team closed = Team.fresh("e2e-closed")) {
            Probe stranger = Probe.in(closed.namespace());
            Probe trainer = Probe.in(closed.namespace(), TRAINER);
            Probe.Outcome before = trainer.attempt("get", API_SERVER);
            assertThat(before.succeeded())
                    .as("a trainer's pod asks %s without the policy: %s", API_SERVER, before.log())
                    .isTrue();
            String policy = Command.run(
                    "helm",
                    "template",
                    Cluster.OPERATOR,
                    CHART,
                    "--namespace",
                    Cluster.OPERATOR_NAMESPACE,
                    "--set",
                    "networkPolicy.trainer.namespaces={" + closed.namespace() + "}",
                    "--show-only",
                    "templates/trainer-networkpolicy.yaml");
            Cluster.client()
                    .load(new ByteArrayInputStream(policy.getBytes(StandardCharsets.UTF_8)))
                    .create();

            Probe.Outcome own = trainer.attempt("get", operator());
            assertThat(own.succeeded())
                    .as("a trainer's pod asks %s: %s", operator(), own.log())
                    .isTrue();
            Probe.Outcome away = trainer.attempt("closed", API_SERVER);
            assertThat(away.succeeded())
                    .as("a trainer's pod asks %s: %s", API_SERVER, away.log())
                    .isTrue();
            assertThat(away.log()).containsAnyOf("deadline exceeded", "connection refused", "timeout");
            Probe.Outcome other = stranger.attempt("get", API_SERVER);
            assertThat(other.succeeded())
                    .as("another pod asks %s: %s", API_SERVER, other.log())
                    .isTrue();
        }
    }

    private static String operator() {
        Service service = Cluster.client()
                .services()
                .inNamespace(Cluster.OPERATOR_NAMESPACE)
                .withName(Cluster.OPERATOR)
                .require();
        ServicePort port = service.getSpec().getPorts().getFirst();
        String scheme = port.getPort() % 1000 == 443 ? "https" : "http";
        return "%s://%s.%s.svc:%d/".formatted(scheme, Cluster.OPERATOR, Cluster.OPERATOR_NAMESPACE, port.getPort());
    }
}
