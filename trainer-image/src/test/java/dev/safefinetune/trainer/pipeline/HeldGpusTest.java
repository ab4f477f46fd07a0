package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import dev.safefinetune.trainer.checkpoint.Interruption;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldGpusTest {
    private static final RunIdentity RUN = new RunIdentity("team-a", "SecurityVector", "sv", "uid", "sv-1");

    @TempDir
    Path root;

    /** The log of a stage that finds nothing to do its work with. */
    private String log(@Nullable Integer gpus) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Digest digest = new Digest("sha256:" + "a".repeat(64));
        StageTask task = new StageTask.Store(
                "scratch",
                Inputs.of(Map.of(Inputs.VECTOR, digest, Inputs.ASSESSMENT, digest)),
                new Target("pvc://vectors/sv", "volumes/vectors/sv"));
        new StageRunner(
                        root,
                        new EventLog(new PrintStream(told, true, StandardCharsets.UTF_8), Clock.systemUTC()),
                        Clock.systemUTC(),
                        new Interruption())
                .run(new JobSpec(JobSpec.VERSION, RUN, task, null, gpus));
        return told.toString(StandardCharsets.UTF_8);
    }

    /** This machine has no GPU that the processors' library could use; the log would say so if it trained all the same. */
    @Test
    void aPodThatWasGivenGpusAndHasNoneEndsBeforeItsStageBeginsToWork() {
        assertThat(log(2))
                .contains("stage failed stage=Store fault=NO_USABLE_GPU")
                .contains("given 2 GPUs")
                .doesNotContain("computes on");
    }

    @Test
    void aPodWithoutGpusComputesOnProcessors() {
        assertThat(log(null)).contains("computes on devices=\"1 x cpu\"").doesNotContain("GPU");
    }
}
