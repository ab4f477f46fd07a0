package dev.safefinetune.cluster.e2e;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The team that the tests share, with a vector that is trained once for the whole suite. What a test applied there is deleted
 * after it.
 */
final class SharedTeam implements BeforeAllCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace SHARED = ExtensionContext.Namespace.create(SharedTeam.class);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private @Nullable Team team;

    @Override
    public void beforeAll(ExtensionContext context) {
        team = context.getRoot().getStore(SHARED).computeIfAbsent(Team.class, key -> trained(), Team.class);
    }

    private static Team trained() {
        Team team = Team.furnished("e2e-shared");
        team.apply(Wish.vector()).awaitPhase("Ready", PATIENCE);
        return team;
    }

    Team team() {
        return requireNonNull(team, "used before the tests of a class");
    }

    Run apply(Wish wish) {
        return team().apply(wish);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Run.all(team().namespace(), "SafeFineTune").forEach(Run::deleteAndAwait);
    }
}
