package dev.safefinetune.operator;

import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.apply.Applier;
import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.StageOutcome;
import dev.safefinetune.operator.decide.VectorDecision;
import dev.safefinetune.operator.measure.RunMetrics;
import dev.safefinetune.operator.observe.Observer;
import dev.safefinetune.operator.observe.VectorObservation;
import dev.safefinetune.operator.plan.PlanSettings;
import dev.safefinetune.operator.plan.PodNeeds;
import dev.safefinetune.operator.plan.RunTerms;
import dev.safefinetune.operator.plan.StageObjects;
import dev.safefinetune.operator.plan.StagePlan;
import dev.safefinetune.operator.report.EventDraft;
import dev.safefinetune.operator.report.Happenings;
import dev.safefinetune.operator.report.StatusWriter;
import dev.safefinetune.operator.report.VectorReport;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Brings a SecurityVector a step further. */
public final class SecurityVectorReconciler implements Reconciler<SecurityVector> {
    private final Observer observer;
    private final Applier applier;
    private final StatusWriter writer;
    private final DecideSettings deciding;
    private final Supplier<PlanSettings> planning;
    private final RunMetrics metrics;

    public SecurityVectorReconciler(
            Observer observer,
            Applier applier,
            StatusWriter writer,
            DecideSettings deciding,
            Supplier<PlanSettings> planning,
            RunMetrics metrics) {
        this.observer = observer;
        this.applier = applier;
        this.writer = writer;
        this.deciding = deciding;
        this.planning = planning;
        this.metrics = metrics;
    }

    @Override
    public UpdateControl<SecurityVector> reconcile(SecurityVector hint, Context<SecurityVector> context) {
        return Pace.of(
                step(hint.getMetadata().getNamespace(), hint.getMetadata().getName()));
    }

    /** Observe, decide, apply, report; then when to look again. */
    Pace.Next step(String namespace, String name) {
        Optional<VectorObservation> facts = observer.vector(namespace, name);
        if (facts.isEmpty()) {
            return Pace.Next.whenTold();
        }
        VectorObservation seen = facts.get();
        Decided decided = VectorDecision.decide(seen, deciding);
        applier.delete(namespace, decided.leftovers());
        Applied applied = applier.carryOut(namespace, decided.next(), task -> plan(seen, decided, task));
        return Pace.after(decided.next(), applied, report(seen, decided, applied));
    }

    private StageObjects plan(VectorObservation seen, Decided decided, StageTask task) {
        PodNeeds needs = PodNeeds.of(seen.resource().getSpec().resources(), plannedBytes(decided));
        RunTerms terms = new RunTerms(
                seen.run().wish(), seen.resource().getSpec().runPolicy().maxRetries());
        return new StagePlan(seen.run().identity(), seen.resource().getApiVersion(), task, terms, needs, planning.get())
                .objects();
    }

    private static @Nullable Long plannedBytes(Decided decided) {
        return decided.outcomes().get(Stage.PREPARE_VECTOR) instanceof StageOutcome.Done done
                        && done.figures() instanceof StageFigures.Data data
                ? data.plannedBytes()
                : null;
    }

    private boolean report(VectorObservation seen, Decided decided, Applied applied) {
        SecurityVectorStatus before = seen.resource().getStatus();
        SecurityVectorStatus after =
                VectorReport.status(seen, decided, applied, planning.get().trainerImage());
        List<EventDraft> happened = Happenings.between(
                seen.run().recorded().stages(),
                after.stages() == null ? List.of() : after.stages(),
                before == null || before.conditions() == null ? List.of() : before.conditions(),
                after.conditions() == null ? List.of() : after.conditions());
        SecurityVector copy = new SecurityVector();
        copy.setMetadata(seen.resource().getMetadata());
        copy.setSpec(seen.resource().getSpec());
        copy.setStatus(after);
        boolean written = writer.write(seen.resource(), copy, happened);
        if (written) {
            metrics.wrote(seen.resource(), copy);
        }
        return written;
    }

    @Override
    public List<EventSource<?, SecurityVector>> prepareEventSources(EventSourceContext<SecurityVector> context) {
        metrics.show(
                "SecurityVector",
                VectorPhase.class,
                () -> context.getPrimaryCache().list());
        return List.of(Triggers.jobs(SecurityVector.class, context), Triggers.pods(SecurityVector.class, context));
    }
}
