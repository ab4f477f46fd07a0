package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.trainer.train.StepRecord;
import dev.safefinetune.trainer.train.TrainingListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** How far a stage is: a sequence of activities, each with its share of the stage, and the steps in it. */
public final class StageProgress implements TrainingListener {
    private final Stage stage;
    private final Clock clock;
    private final Consumer<Progress> listener;
    private final Instant started;
    private String activity = "starting";
    private int from;
    private int to;
    private Instant activityStarted;

    public StageProgress(Stage stage, Clock clock, Consumer<Progress> listener) {
        this.stage = stage;
        this.clock = clock;
        this.listener = listener;
        this.started = clock.instant();
        this.activityStarted = started;
    }

    /**
     * Begins an activity.
     *
     * @param name in one or two words
     * @param fromPercent where the stage is now
     * @param toPercent where it will be after it
     */
    public void begin(String name, int fromPercent, int toPercent) {
        activity = name;
        from = fromPercent;
        to = toPercent;
        activityStarted = clock.instant();
        tell(from, null, null, null, null);
    }

    /** Names what is being done within the activity that was begun, which stays where it is. */
    public void activity(String name) {
        activity = name;
        tell(from, null, null, null, null);
    }

    @Override
    public void stepped(StepRecord step, int steps, long tokens) {
        double share = steps == 0 ? 1 : (double) step.step() / steps;
        double seconds = Duration.between(activityStarted, clock.instant()).toMillis() / 1000.0;
        tell(
                (int) (from + (to - from) * share),
                step.step(),
                steps,
                step.loss(),
                seconds > 0 ? tokens / seconds : null);
    }

    private void tell(
            int percentage,
            @Nullable Integer step,
            @Nullable Integer steps,
            @Nullable Double loss,
            @Nullable Double tokensPerSecond) {
        Instant now = clock.instant();
        Long remaining =
                percentage == 0 ? null : Duration.between(started, now).toSeconds() * (100 - percentage) / percentage;
        listener.accept(new Progress(stage, percentage, remaining, activity, step, steps, loss, tokensPerSecond, now));
    }
}
