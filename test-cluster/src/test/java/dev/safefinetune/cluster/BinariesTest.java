package dev.safefinetune.cluster;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {
    /** A check against a real API server that skips itself proves nothing. */
    @Test
    void missingBinariesAreAFailureThatNamesTheCommand(@TempDir Path empty) {
        assertThatIllegalStateException()
                .isThrownBy(() -> Binaries.existing(empty.resolve("etcd")))
                .withMessageContaining("etcd is missing in")
                .withMessageContaining("run test-cluster/build-tools etcd");
    }
}
