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

/**
 * How far a stage is: a sequence of activities, each with its share of the stage, and the steps in it. It never goes back,
 * and where a stage goes on with what another process left, it begins there.
 */
public final class StageProgress implements TrainingListener {
    private final Stage stage;
    private final Clock clock;
    private final Consumer<Progress> listener;
    private String activity = "starting";
    private int from;
    private int to;
    private int reached;
    private int begunAt;
    private @Nullable Instant begun;
    private Instant activityStarted;
    private long earlierTokens;
    private @Nullable Instant lastCheckpoint;

    public StageProgress(Stage stage, Clock clock, Consumer<Progress> listener) {
        this.stage = stage;
        this.clock = clock;
        this.listener = listener;
        this.activityStarted = clock.instant();
    }

    /**
     * Begins an activity.
     *
     * @param name in one or two words
     * @param fromPercent where the stage is now
     * @param toPercent where it will be after it
     */
    public void begin(String name, int fromPercent, int toPercent) {
        begin(name, fromPercent, toPercent, 0);
    }

    /**
     * Begins an activity of which an earlier process has done a share.
     *
     * @param done 0..1
     */
    void begin(String name, int fromPercent, int toPercent, double done) {
        activity = name;
        from = fromPercent;
        to = toPercent;
        earlierTokens = 0;
        activityStarted = clock.instant();
        int percentage = percentage(done);
        if (begun == null) {
            begun = activityStarted;
            begunAt = percentage;
        }
        tell(percentage, null, null, null, null);
    }

    /** Names what is being done within the activity that was begun, which stays where it is. */
    public void activity(String name) {
        activity = name;
        tell(from, null, null, null, null);
    }

    /** How far the activity that was begun is, where it has no steps of an optimizer: 0..1. */
    void reached(double share) {
        tell(percentage(share), null, null, null, null);
    }

    @Override
    public void resumed(int done, int steps, long tokens) {
        earlierTokens = tokens;
        activityStarted = clock.instant();
        tell(percentage(share(done, steps)), done, steps, null, null);
    }

    @Override
    public void stepped(StepRecord step, int steps, long tokens) {
        double seconds = Duration.between(activityStarted, clock.instant()).toMillis() / 1000.0;
        tell(
                percentage(share(step.step(), steps)),
                step.step(),
                steps,
                step.loss(),
                seconds > 0 ? (tokens - earlierTokens) / seconds : null);
    }

    /** From now on there is a checkpoint of this time. */
    void checkpointed(Instant at) {
        lastCheckpoint = at;
    }

    private static double share(int step, int steps) {
        return steps == 0 ? 1 : (double) step / steps;
    }

    private int percentage(double share) {
        return (int) (from + (to - from) * share);
    }

    private void tell(
            int percentage,
            @Nullable Integer step,
            @Nullable Integer steps,
            @Nullable Double loss,
            @Nullable Double tokensPerSecond) {
        Instant now = clock.instant();
        reached = Math.max(reached, percentage);
        int gained = reached - begunAt;
        Long remaining = begun == null || gained <= 0
                ? null
                : Duration.between(begun, now).toSeconds() * (100 - reached) / gained;
        listener.accept(new Progress(
                stage, reached, remaining, activity, step, steps, loss, tokensPerSecond, now, lastCheckpoint));
    }
}
