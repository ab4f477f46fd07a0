package dev.safefinetune.operator;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.operator.plan.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What makes the operator look at a resource. A trigger proves nothing; the facts are gathered afresh. */
final class Triggers {
    private static final String OURS = Names.MANAGED_BY_LABEL + "=" + Names.MANAGED_BY;

    private Triggers() {}

    static <P extends HasMetadata> EventSource<Job, P> jobs(Class<P> kind, EventSourceContext<P> context) {
        return labelled(Job.class, kind, context);
    }

    static <P extends HasMetadata> EventSource<Pod, P> pods(Class<P> kind, EventSourceContext<P> context) {
        return labelled(Pod.class, kind, context);
    }

    private static <R extends HasMetadata, P extends HasMetadata> EventSource<R, P> labelled(
            Class<R> type, Class<P> kind, EventSourceContext<P> context) {
        String wanted = HasMetadata.getKind(kind);
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, kind)
                        .withLabelSelector(OURS + "," + Names.KIND_LABEL + "=" + wanted)
                        .withItemStore(LeanStores.labelsOf())
                        .withInformerListLimit(LeanStores.PAGE)
                        .withSecondaryToPrimaryMapper(object -> primary(object))
                        .build(),
                context);
    }

    private static Set<ResourceID> primary(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String name = labels == null ? null : labels.get(Names.RESOURCE_LABEL);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, object.getMetadata().getNamespace()));
    }

    /** Any object of the type concerns every primary that is still open. */
    static <R extends HasMetadata, P extends HasMetadata> EventSource<R, P> every(
            Class<R> type, Class<P> kind, EventSourceContext<P> context, Predicate<P> open) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, kind)
                        .withItemStore(LeanStores.of())
                        .withInformerListLimit(LeanStores.PAGE)
                        .withSecondaryToPrimaryMapper(object -> context.getPrimaryCache()
                                .list(open)
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .build(),
                context);
    }

    /** Whether the run has not ended, so that a vector or a policy still matters to it. */
    static boolean isOpen(SafeFineTune resource) {
        FineTunePhase phase =
                resource.getStatus() == null ? null : resource.getStatus().phase();
        return phase != FineTunePhase.SUCCEEDED && phase != FineTunePhase.FAILED;
    }
}
