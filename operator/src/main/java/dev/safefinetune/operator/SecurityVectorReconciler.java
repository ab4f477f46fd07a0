package dev.safefinetune.operator;

import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.decide.Decided;
import dev.safefinetune.operator.decide.VectorDecision;
import dev.safefinetune.operator.observe.Observer;
import dev.safefinetune.operator.observe.VectorObservation;
import dev.safefinetune.operator.report.Means;
import dev.safefinetune.operator.report.VectorReport;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;
import java.util.Optional;

/** Brings a SecurityVector a step further. */
final class SecurityVectorReconciler extends RunReconciler<SecurityVector, VectorObservation> {
    SecurityVectorReconciler(Tools tools) {
        super(tools);
    }

    @Override
    Optional<VectorObservation> observe(Observer observer, String namespace, String name) {
        return observer.vector(namespace, name);
    }

    @Override
    Decided decide(VectorObservation seen, DecideSettings settings) {
        return VectorDecision.decide(seen, settings);
    }

    @Override
    SecurityVector reported(VectorObservation seen, Decided decided, Applied applied, Means means) {
        SecurityVector copy = new SecurityVector();
        copy.setMetadata(seen.resource().getMetadata());
        copy.setSpec(seen.resource().getSpec());
        copy.setStatus(VectorReport.status(seen, decided, applied, means));
        return copy;
    }

    @Override
    public List<EventSource<?, SecurityVector>> prepareEventSources(EventSourceContext<SecurityVector> context) {
        metrics()
                .show(
                        "SecurityVector",
                        VectorPhase.class,
                        () -> context.getPrimaryCache().list());
        return List.of(Triggers.jobs(SecurityVector.class, context), Triggers.pods(SecurityVector.class, context));
    }
}
