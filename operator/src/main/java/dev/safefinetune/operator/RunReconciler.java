package dev.safefinetune.operator;

import dev.safefinetune.api.v1alpha1.RunSpec;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.checks.Gpus;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.apply.Applier;
import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.Decision;
import dev.safefinetune.operator.decide.StageOutcome;
import dev.safefinetune.operator.measure.RunMetrics;
import dev.safefinetune.operator.observe.Observation;
import dev.safefinetune.operator.observe.Observer;
import dev.safefinetune.operator.observe.Recorded;
import dev.safefinetune.operator.plan.PlanSettings;
import dev.safefinetune.operator.plan.PodNeeds;
import dev.safefinetune.operator.plan.RunTerms;
import dev.safefinetune.operator.plan.StageObjects;
import dev.safefinetune.operator.plan.StagePlan;
import dev.safefinetune.operator.report.EventDraft;
import dev.safefinetune.operator.report.Happenings;
import dev.safefinetune.operator.report.Means;
import dev.safefinetune.operator.report.StatusWriter;
import io.fabric8.kubernetes.client.CustomResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a run a step further: observe, decide, apply, report. A kind says what is observed of its resources, how it is decided
 * on them and what their status tells.
 *
 * @param <R> the resource
 * @param <O> what is observed of it
 */
abstract class RunReconciler<R extends CustomResource<? extends RunSpec, ?>, O extends Observation<R>>
        implements Reconciler<R> {
    /** What the reconcilers of all kinds work with. */
    record Tools(
            Observer observer,
            Applier applier,
            StatusWriter writer,
            DecideSettings deciding,
            Supplier<PlanSettings> planning,
            RunMetrics metrics) {}

    private final Tools tools;

    RunReconciler(Tools tools) {
        this.tools = tools;
    }

    /** The facts; none when the resource is gone or going. */
    abstract Optional<O> observe(Observer observer, String namespace, String name);

    /** What else is written down before a stage is. */
    void beforeRecorded(O seen, StageTask task) {}

    abstract Decided decide(O seen, DecideSettings settings);

    /** The resource as it was observed, with the status after the decision was carried out. */
    abstract R reported(O seen, Decided decided, Applied applied, Means means);

    @Override
    public final UpdateControl<R> reconcile(R hint, Context<R> context) {
        return Pace.of(
                step(hint.getMetadata().getNamespace(), hint.getMetadata().getName()));
    }

    /** Observe, decide, apply, report; then when to look again. */
    final Pace.Next step(String namespace, String name) {
        return step(namespace, name, true);
    }

    private Pace.Next step(String namespace, String name, boolean first) {
        Optional<O> facts = observe(tools.observer(), namespace, name);
        if (facts.isEmpty()) {
            return Pace.Next.whenTold();
        }
        O seen = facts.get();
        Decided decided = decide(seen, tools.deciding());
        Applied applied = carryOut(namespace, seen, decided);
        boolean written = report(seen, decided, applied);
        if (applied instanceof Applied.Recorded && written && first) {
            return step(namespace, name, false);
        }
        // Only once the status names the run: whoever comes next would take the Jobs of the run before for lost.
        boolean cleaned = !written || tools.applier().delete(namespace, decided.leftovers());
        return Pace.after(decided.next(), applied, written, cleaned);
    }

    /** A stage's plan is written down before its Job is made: what is not on record was made by somebody else. */
    private Applied carryOut(String namespace, O seen, Decided decided) {
        if (!(decided.next() instanceof Decision.Begin(StageTask task))) {
            return tools.applier().carryOut(namespace, decided.next());
        }
        StageObjects objects = plan(seen, decided, task);
        if (objects.planned().equals(seen.run().recorded().planned(task.stage()))) {
            return tools.applier().create(objects);
        }
        beforeRecorded(seen, task);
        return new Applied.Recorded(objects.planned());
    }

    private Gpus gpus(O seen) {
        return tools.deciding().gpusOf(seen.resource().getSpec(), seen.run());
    }

    private StageObjects plan(O seen, Decided decided, StageTask task) {
        R resource = seen.resource();
        PlanSettings settings = tools.planning().get();
        var metadata = resource.getMetadata();
        PodNeeds needs = PodNeeds.of(
                resource.getSpec().resources(),
                gpus(seen),
                plannedBytes(decided),
                settings.copied().of(metadata.getLabels(), metadata.getAnnotations()));
        RunTerms terms =
                new RunTerms(seen.run().wish(), resource.getSpec().runPolicy().maxRetries());
        return new StagePlan(seen.run().identity(), resource.getApiVersion(), task, terms, needs, settings).objects();
    }

    /** What the stage that has read the data says that training needs; absent before it has ended. */
    private static @Nullable Long plannedBytes(Decided decided) {
        for (StageOutcome outcome : decided.outcomes().values()) {
            if (outcome instanceof StageOutcome.Done done && done.figures() instanceof StageFigures.Data data) {
                return data.plannedBytes();
            }
        }
        return null;
    }

    private boolean report(O seen, Decided decided, Applied applied) {
        R before = seen.resource();
        R after = reported(
                seen, decided, applied, new Means(tools.planning().get().image().name(), gpus(seen)));
        List<StageStatus> stood = seen.run().recorded().stages();
        List<StageStatus> stands = Recorded.of(after).stages();
        List<EventDraft> happened = new ArrayList<>();
        Happenings.replacement(Recorded.of(before).run(), Recorded.of(after).run())
                .ifPresent(happened::add);
        happened.addAll(Happenings.between(
                stood,
                stands,
                Recorded.of(before).conditions(),
                Recorded.of(after).conditions()));
        Happenings.ofGpus(stood, stands, gpus(seen)).ifPresent(happened::add);
        boolean written = tools.writer().write(before, after, happened);
        if (written) {
            tools.metrics().wrote(before, after);
        }
        return written;
    }

    /** For the metrics of a kind. */
    final RunMetrics metrics() {
        return tools.metrics();
    }
}
