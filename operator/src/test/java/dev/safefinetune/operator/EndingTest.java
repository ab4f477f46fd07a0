package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.StartupEvent;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EndingTest {
    /** Stands in for the operator: a process that lives until it is told to end. */
    static final class Subject {
        private Subject() {}

        public static void main(String... arguments) throws InterruptedException {
            new Ending(System::exit).attend(new StartupEvent());
            System.out.println("attending");
            Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        }
    }

    @Test
    void aProcessThatIsAskedToEndEndsWell() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Subject.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var told = process.inputReader()) {
            assertThat(told.readLine()).isEqualTo("attending");
            process.destroy();

            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
