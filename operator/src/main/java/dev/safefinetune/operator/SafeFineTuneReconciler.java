package dev.safefinetune.operator;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.attempt.AttemptRecord;
import dev.safefinetune.operator.attempt.Attempts;
import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.FineTuneDecision;
import dev.safefinetune.operator.observe.FineTuneObservation;
import dev.safefinetune.operator.observe.Observer;
import dev.safefinetune.operator.report.FineTuneReport;
import dev.safefinetune.operator.report.Means;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;
import java.util.Optional;

/** Brings a SafeFineTune a step further. */
final class SafeFineTuneReconciler extends RunReconciler<SafeFineTune, FineTuneObservation> {
    private final AttemptRecord attempts;

    SafeFineTuneReconciler(Tools tools, AttemptRecord attempts) {
        super(tools);
        this.attempts = attempts;
    }

    /** An attempt counts from before it is judged, and no longer once it has passed. */
    @Override
    void beforeRecorded(FineTuneObservation seen, StageTask task) {
        if (seen.attempts() == null) {
            return;
        }
        RunIdentity run = seen.run().identity();
        switch (task) {
            case StageTask.Evaluate evaluate -> attempts.begun(Attempts.key(run.namespace(), evaluate.inputs()), run);
            case StageTask.Publish publish -> attempts.passed(Attempts.key(run.namespace(), publish.inputs()), run);
            default -> {}
        }
    }

    @Override
    Optional<FineTuneObservation> observe(Observer observer, String namespace, String name) {
        return observer.fineTune(namespace, name);
    }

    @Override
    Decided decide(FineTuneObservation seen, DecideSettings settings) {
        return FineTuneDecision.decide(seen, settings);
    }

    @Override
    SafeFineTune reported(FineTuneObservation seen, Decided decided, Applied applied, Means means) {
        SafeFineTune copy = new SafeFineTune();
        copy.setMetadata(seen.resource().getMetadata());
        copy.setSpec(seen.resource().getSpec());
        copy.setStatus(FineTuneReport.status(seen, decided, applied, means));
        return copy;
    }

    @Override
    public List<EventSource<?, SafeFineTune>> prepareEventSources(EventSourceContext<SafeFineTune> context) {
        metrics()
                .show(
                        "SafeFineTune",
                        FineTunePhase.class,
                        () -> context.getPrimaryCache().list());
        return List.of(
                Triggers.jobs(SafeFineTune.class, context),
                Triggers.pods(SafeFineTune.class, context),
                Triggers.every(SecurityVector.class, SafeFineTune.class, context, Triggers::isOpen),
                Triggers.every(SafeFineTunePolicy.class, SafeFineTune.class, context, Triggers::isOpen));
    }
}
