package dev.safefinetune.cluster.faults;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.proxy.Strike.Moment;
import dev.safefinetune.local.judge.Crds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The operator is killed at each of its writes, one after the other and in three ways, and another one goes on. The
 * oracle is an undisturbed run: the same end state, and each object created and deleted as often.
 */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class DeathAtAnyWriteIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    /** Every write; a larger number leaves some out, to look quicker while something is changed. */
    private static final int EVERY = Integer.getInteger("faults.every", 1);

    private record Undisturbed(Map<String, JsonNode> state, Map<String, Integer> changes, int writes) {}

    private static final Map<Subject, Undisturbed> UNDISTURBED = new EnumMap<>(Subject.class);

    @TempDir
    static Path directory = Path.of(".");

    @BeforeAll
    static void runUndisturbed() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
        for (Subject subject : Subject.values()) {
            String namespace = "calm-" + name(subject);
            try (LedRun run = LedRun.undisturbed(SERVER.controlPlane(), subject, namespace, directory)) {
                run.awaitEnd();
                UNDISTURBED.put(
                        subject,
                        new Undisturbed(
                                run.state(), run.changes(), run.proxy().ledger().size()));
            }
        }
    }

    private static String name(Subject subject) {
        return subject == Subject.VECTOR ? "vector" : "tune";
    }

    static Stream<Arguments> deaths() {
        List<Arguments> deaths = new ArrayList<>();
        UNDISTURBED.forEach((subject, undisturbed) -> {
            for (int write = 1; write <= undisturbed.writes(); write += EVERY) {
                for (Moment moment : Moment.values()) {
                    deaths.add(Arguments.of(subject, write, moment));
                }
            }
        });
        return deaths.stream();
    }

    @ParameterizedTest
    @MethodSource("deaths")
    void endsInTheSameState(Subject subject, int write, Moment moment) throws Exception {
        String namespace = "death-" + name(subject) + "-" + write + "-" + moment.ordinal();
        try (LedRun run = LedRun.struck(SERVER.controlPlane(), subject, namespace, directory, moment, write)) {
            run.replaceTheStruck();
            Undisturbed expected = requireNonNull(UNDISTURBED.get(subject));
            run.awaitEnd(expected.changes());

            assertThat(run.changes()).isEqualTo(expected.changes());
            Map<String, JsonNode> state = run.state();
            assertThat(state.keySet()).isEqualTo(expected.state().keySet());
            expected.state()
                    .forEach((name, object) ->
                            assertThat(state.get(name)).as(name).isEqualTo(object));
        }
    }
}
