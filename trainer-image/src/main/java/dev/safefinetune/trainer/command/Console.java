package dev.safefinetune.trainer.command;

import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.trainer.pipeline.EventLog;
import dev.safefinetune.trainer.pipeline.StageProgress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** What a command by hand says on standard error: events, and progress every two seconds. */
final class Console {
    private static final Duration EVERY = Duration.ofSeconds(2);

    private Console() {}

    static EventLog log() {
        return new EventLog(System.err, Clock.systemUTC());
    }

    static StageProgress progress(Stage stage, EventLog log) {
        return new StageProgress(stage, Clock.systemUTC(), new Consumer<>() {
            private Instant last = Instant.EPOCH;

            @Override
            public void accept(Progress p) {
                if (Duration.between(last, p.lastUpdatedTime()).compareTo(EVERY) < 0 || p.step() == null) {
                    return;
                }
                last = p.lastUpdatedTime();
                log.event(
                        "progress",
                        "activity",
                        String.valueOf(p.activity()),
                        "step",
                        p.step() + "/" + p.steps(),
                        "loss",
                        p.loss() == null ? "none" : p.loss(),
                        "tokensPerSecond",
                        p.tokensPerSecond() == null ? "unknown" : p.tokensPerSecond());
            }
        });
    }
}
