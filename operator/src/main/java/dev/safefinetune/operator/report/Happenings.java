package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.StageState;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.checks.Gpus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What has happened between two statuses of a resource, as events. */
public final class Happenings {
    private Happenings() {}

    /**
     * The events.
     *
     * @param before stages of the same run as they stood; empty for a new run
     * @param after stages as they stand
     * @param conditionsBefore conditions as they stood
     * @param conditionsAfter conditions as they stand
     */
    public static List<EventDraft> between(
            List<StageStatus> before,
            List<StageStatus> after,
            List<ConditionStatus> conditionsBefore,
            List<ConditionStatus> conditionsAfter) {
        List<EventDraft> events = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            ofStage(i < before.size() ? before.get(i) : null, after.get(i)).ifPresent(events::add);
        }
        ofWhole(after, conditionsBefore, conditionsAfter).ifPresent(events::add);
        ofPolicies(conditionsBefore, conditionsAfter).ifPresent(events::add);
        return events;
    }

    /**
     * Another run takes the place of the one that was written down, which nobody may have meant.
     *
     * @param before the run that stood on the resource, whatever the resource asked for then
     * @param after the run that stands there now
     */
    public static Optional<EventDraft> replacement(@Nullable RunStatus before, @Nullable RunStatus after) {
        if (before == null || after == null || before.id().equals(after.id())) {
            return Optional.empty();
        }
        boolean underWay = before.startTime() != null && before.completionTime() == null;
        return Optional.of(new EventDraft(
                underWay,
                Reason.RUN_REPLACED.text(),
                "run " + after.id() + " takes the place of " + before.id() + ": " + changed(before, after)
                        + (underWay ? "; what " + before.id() + " had done so far is deleted" : "")));
    }

    private static String changed(RunStatus before, RunStatus after) {
        Map<String, String> was = before.specParts() == null ? Map.of() : before.specParts();
        Map<String, String> is = after.specParts() == null ? Map.of() : after.specParts();
        SortedSet<String> names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        names.removeIf(name -> Objects.equals(was.get(name), is.get(name)));
        // A release that wrote no parts down does not tell which.
        return was.isEmpty() || names.isEmpty()
                ? "its spec was changed"
                : "changed were " + names.stream().map(name -> "spec." + name).collect(Collectors.joining(", "));
    }

    /**
     * A word on GPUs that the trainer cannot use, once, when a run begins: nothing else would say why they idle.
     *
     * @param before stages of the same run as they stood; empty for a new run
     * @param after stages as they stand
     * @param gpus of the pods that train and evaluate
     */
    public static Optional<EventDraft> ofGpus(List<StageStatus> before, List<StageStatus> after, Gpus gpus) {
        boolean begins = before.stream().allMatch(stage -> stage.job() == null)
                && after.stream().anyMatch(stage -> stage.job() != null);
        return gpus.number() > 0 && !gpus.areCuda() && begins
                ? Optional.of(new EventDraft(
                        true,
                        Reason.GPUS_NOT_USED.text(),
                        gpus.stated() + ": the pods that train and evaluate hold that many of " + gpus.resource()
                                + " and compute on processors, because this release computes on no other GPUs than"
                                + " those of nvidia.com; set spec.resources.gpus to 0"))
                : Optional.empty();
    }

    /** A word on what policies that only warn would have refused, once for each message. */
    private static Optional<EventDraft> ofPolicies(List<ConditionStatus> before, List<ConditionStatus> after) {
        ConditionStatus is = condition(ConditionType.POLICY_ACCEPTED, after);
        ConditionStatus was = condition(ConditionType.POLICY_ACCEPTED, before);
        return is == null
                        || !is.reason().equals(Reason.NOT_ENFORCED.text())
                        || was != null && Objects.equals(was.message(), is.message())
                ? Optional.empty()
                : Optional.of(new EventDraft(true, is.reason(), String.valueOf(is.message())));
    }

    private static Optional<EventDraft> ofStage(@Nullable StageStatus before, StageStatus after) {
        StageState was = before == null ? StageState.PENDING : before.state();
        if (was == after.state() && (before == null || Objects.equals(before.reason(), after.reason()))) {
            return Optional.empty();
        }
        return switch (after.state()) {
            case PENDING -> after.reason() == null ? Optional.empty() : Optional.of(heldUp(after));
            case RUNNING ->
                after.reason() != null
                        ? Optional.of(heldUp(after))
                        : Optional.of(new EventDraft(
                                false,
                                Reason.STAGE_STARTED.text(),
                                after.name() + " has started as Job " + after.job()));
            case SUCCEEDED ->
                Optional.of(new EventDraft(
                        false,
                        Reason.STAGE_SUCCEEDED.text(),
                        after.name() + " has succeeded"
                                + (after.seconds() == null ? "" : " in " + after.seconds() + " s")));
            case FAILED ->
                Optional.of(
                        new EventDraft(true, String.valueOf(after.reason()), after.name() + ": " + after.message()));
        };
    }

    private static EventDraft heldUp(StageStatus stage) {
        return new EventDraft(
                isTrouble(stage.reason()), String.valueOf(stage.reason()), stage.name() + ": " + stage.message());
    }

    /** What somebody has asked for is none. */
    private static boolean isTrouble(@Nullable String reason) {
        return !Reason.SUSPENDED.text().equals(reason);
    }

    /** A resource that has become ready, or has come to wait or be refused for another reason than before. */
    private static Optional<EventDraft> ofWhole(
            List<StageStatus> stages, List<ConditionStatus> before, List<ConditionStatus> after) {
        ConditionStatus was = ready(before);
        ConditionStatus is = ready(after);
        if (is == null || was != null && same(was, is)) {
            return Optional.empty();
        }
        if (is.status().equals("True")) {
            return Optional.of(new EventDraft(false, is.reason(), String.valueOf(is.message())));
        }
        // A stage that runs, waits or has failed speaks for itself.
        boolean spoken = Reason.STAGE_RUNNING.text().equals(is.reason())
                || stages.stream()
                        .anyMatch(s -> s.state() == StageState.RUNNING
                                || s.state() == StageState.FAILED
                                || s.reason() != null);
        return spoken
                ? Optional.empty()
                : Optional.of(new EventDraft(isTrouble(is.reason()), is.reason(), String.valueOf(is.message())));
    }

    private static boolean same(ConditionStatus one, ConditionStatus other) {
        return one.status().equals(other.status())
                && one.reason().equals(other.reason())
                && Objects.equals(one.observedGeneration(), other.observedGeneration());
    }

    private static @Nullable ConditionStatus ready(List<ConditionStatus> conditions) {
        return condition(ConditionType.READY, conditions);
    }

    private static @Nullable ConditionStatus condition(ConditionType type, List<ConditionStatus> conditions) {
        return conditions.stream()
                .filter(c -> c.type().equals(type.text()))
                .findFirst()
                .orElse(null);
    }
}
