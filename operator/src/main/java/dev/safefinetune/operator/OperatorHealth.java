package dev.safefinetune.operator;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once the controllers watch, or this replica stands by for another one. A watch that is lost and not yet back makes
 * the operator unready, not dead.
 */
@Readiness
@ApplicationScoped
public class OperatorHealth implements HealthCheck {
    private final OperatorStart operator;

    OperatorHealth(OperatorStart operator) {
        this.operator = operator;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("operator")
                .status(operator.isHealthy())
                .withData("acting", operator.isActing());
        operator.unguarded().ifPresent(finding -> answer.withData("admission", finding));
        List<String> findings = operator.findings();
        for (int i = 0; i < findings.size(); i++) {
            answer.withData("finding-" + (i + 1), findings.get(i));
        }
        return answer.build();
    }
}
