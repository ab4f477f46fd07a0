package dev.safefinetune.cluster;

import static java.util.Objects.requireNonNull;

import dev.safefinetune.local.judge.Crds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The operator as it is shipped, with the chart's rights, watching all namespaces of the real API server as long as the tests
 * of a class run:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RunningOperator OPERATOR = new RunningOperator(Map.of());
 * }</pre>
 *
 * <p>Its log stays in {@code target/operators}.
 */
public final class RunningOperator implements BeforeAllCallback, AfterAllCallback {
    private static final Path LOGS = Path.of("target", "operators");

    private final Map<String, String> environment;
    private final RealApiServer server = new RealApiServer();
    private @Nullable OperatorProcess process;

    /** With the environment of its Deployment, beside what {@link OperatorProcess} sets. */
    public RunningOperator(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        server.beforeAll(context);
        Crds.install(server.client());
        ChartRights.grant(server.client(), ControlPlane.OPERATOR);
        Files.createDirectories(LOGS);
        OperatorProcess started = OperatorProcess.start(server.controlPlane().operatorKubeconfig(), LOGS, environment);
        process = started;
        started.awaitWatching();
    }

    public OperatorProcess process() {
        return requireNonNull(process, "used before the tests of a class");
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (process != null) {
            process.close();
        }
    }
}
