package dev.safefinetune.cluster;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real kube-apiserver with its own etcd on the loopback interface, one for all test classes of a run:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RealApiServer SERVER = new RealApiServer();
 * }</pre>
 *
 * <p>Where the binaries are missing the tests fail: a check that skips itself proves nothing.
 */
public final class RealApiServer implements BeforeAllCallback {
    private static final ExtensionContext.Namespace SHARED = ExtensionContext.Namespace.create(RealApiServer.class);

    private @Nullable ControlPlane controlPlane;

    @Override
    public void beforeAll(ExtensionContext context) {
        controlPlane = context.getRoot()
                .getStore(SHARED)
                .computeIfAbsent(ControlPlane.class, key -> ControlPlane.start(), ControlPlane.class);
    }

    /** A client with all rights. */
    public KubernetesClient client() {
        return controlPlane().client();
    }

    /** The processes and the way to them. */
    public ControlPlane controlPlane() {
        return requireNonNull(controlPlane, "used before the tests of a class");
    }
}
