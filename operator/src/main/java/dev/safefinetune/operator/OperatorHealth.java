package dev.safefinetune.operator;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the controllers watch. A watch that is lost and not yet back makes the operator unready, not dead. */
@Readiness
@ApplicationScoped
public class OperatorHealth implements HealthCheck {
    private final OperatorStart operator;

    OperatorHealth(OperatorStart operator) {
        this.operator = operator;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("watching")
                .status(operator.isHealthy())
                .build();
    }
}
