package dev.safefinetune.cluster.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.cluster.ChartRights;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.RealApiServer;
import dev.safefinetune.cluster.proxy.Ledger;
import dev.safefinetune.cluster.proxy.Write;
import dev.safefinetune.local.judge.Crds;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a whole run costs the API server. Counted against it are the writes of its objects and its status: progress is
 * shown at a pace of its own, ServiceAccounts are made once in a namespace, and events are told to people and expire.
 */
class WritesOfARunIT {
    @RegisterExtension
    static final RealApiServer SERVER = new RealApiServer();

    private static final int MOST = 14;

    @TempDir
    static Path directory = Path.of(".");

    @BeforeAll
    static void install() throws Exception {
        Crds.install(SERVER.client());
        ChartRights.grant(SERVER.client(), ControlPlane.OPERATOR);
    }

    @ParameterizedTest
    @EnumSource
    void areFew(Subject subject) throws Exception {
        String namespace =
                "writes-of-" + subject.name().toLowerCase(Locale.ROOT).replace('_', '-');
        try (LedRun run = LedRun.undisturbed(SERVER.controlPlane(), subject, namespace, directory)) {
            run.awaitEnd();

            List<Write> writes = run.proxy().ledger().entries().stream()
                    .map(Ledger.Entry::write)
                    .filter(write -> !isOfAnother(subject, write))
                    .toList();
            List<Write> own = writes.stream()
                    .filter(write -> !write.isEvent() && !write.resource().equals("serviceaccounts"))
                    .toList();
            // The last word on the status: what is written after it cleans up.
            int toTheEnd = own.lastIndexOf(own.stream()
                            .filter(WritesOfARunIT::isStatus)
                            .toList()
                            .getLast())
                    + 1;
            System.out.printf(
                    "API writes of a whole run, %s: %d to its end, %d after it, with events and ServiceAccounts %d %s%n",
                    subject,
                    toTheEnd,
                    own.size() - toTheEnd,
                    writes.size(),
                    run.proxy().ledger().kinds());
            assertThat(run.changes())
                    .allSatisfy((change, times) -> assertThat(times).as(change).isEqualTo(1));
            assertThat(toTheEnd).isLessThanOrEqualTo(MOST);
        }
    }

    private static boolean isStatus(Write write) {
        return write.resource().endsWith("/status");
    }

    /** The vector that a fine-tune uses has a status of its own. */
    private static boolean isOfAnother(Subject subject, Write write) {
        return subject == Subject.FINE_TUNE && write.resource().equals("securityvectors/status");
    }
}
