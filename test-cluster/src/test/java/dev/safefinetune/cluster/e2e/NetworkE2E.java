package dev.safefinetune.cluster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The chart's network policies, in a cluster that enforces them: trainer pods reach the operator, and nobody else does. */
class NetworkE2E {
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
        Probe.Outcome trainer = Probe.in(team.namespace(), Map.of("app.kubernetes.io/managed-by", Cluster.OPERATOR))
                .attempt("get", url);
        assertThat(trainer.succeeded())
                .as("a trainer's pod asks %s: %s", url, trainer.log())
                .isTrue();

        Probe.Outcome stranger = Probe.in(team.namespace()).attempt("get", url);
        assertThat(stranger.succeeded())
                .as("another pod asks %s: %s", url, stranger.log())
                .isFalse();
        assertThat(stranger.log()).containsAnyOf("deadline exceeded", "connection refused", "timeout");
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
