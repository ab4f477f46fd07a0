package dev.safefinetune.operator.observe;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.RunStatus;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import dev.safefinetune.api.v1alpha1.SecurityVectorStatus;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who else of a namespace is to publish somewhere, or has published there. */
final class Claimants {
    private static final Set<FineTunePhase> FINE_TUNES_OVER =
            Set.of(FineTunePhase.SUCCEEDED, FineTunePhase.FAILED, FineTunePhase.REJECTED);
    private static final Set<VectorPhase> VECTORS_OVER =
            Set.of(VectorPhase.READY, VectorPhase.FAILED, VectorPhase.REJECTED);

    private Claimants() {}

    /** All but the one that asks, of either kind; of its own kind only those whose runs have not ended. */
    static List<Claimant> besides(HasMetadata self, KubernetesClient client) {
        String namespace = self.getMetadata().getNamespace();
        List<Claimant> all = new ArrayList<>();
        all.addAll(Pages.read(
                client.resources(SafeFineTune.class).inNamespace(namespace)::list, other -> of(other, self)));
        all.addAll(Pages.read(
                client.resources(SecurityVector.class).inNamespace(namespace)::list, other -> of(other, self)));
        return all;
    }

    private static Optional<Claimant> of(SafeFineTune other, HasMetadata self) {
        boolean over = isOver(other);
        boolean published = over && other.getStatus().phase() == FineTunePhase.SUCCEEDED;
        return isRival(other, self, over, published)
                ? Optional.of(claimant(
                        other,
                        other.getSpec().output().uri(),
                        other.getStatus() == null ? null : other.getStatus().run(),
                        other.getSpec().suspend(),
                        published))
                : Optional.empty();
    }

    private static Optional<Claimant> of(SecurityVector other, HasMetadata self) {
        boolean over = isOver(other);
        boolean published = over && other.getStatus().phase() == VectorPhase.READY;
        return isRival(other, self, over, published)
                ? Optional.of(claimant(
                        other,
                        other.getSpec().storage().uri(),
                        other.getStatus() == null ? null : other.getStatus().run(),
                        other.getSpec().suspend(),
                        published))
                : Optional.empty();
    }

    private static boolean isRival(HasMetadata other, HasMetadata self, boolean over, boolean published) {
        return isAnother(other, self) && (!over || published && !other.getKind().equals(self.getKind()));
    }

    private static boolean isAnother(HasMetadata other, HasMetadata self) {
        return !other.getMetadata().getUid().equals(self.getMetadata().getUid())
                && other.getMetadata().getDeletionTimestamp() == null;
    }

    /** A status about an older spec says nothing of what the resource is to do now. */
    static boolean isOver(SafeFineTune other) {
        SafeFineTuneStatus status = other.getStatus();
        return status != null
                && status.phase() != null
                && FINE_TUNES_OVER.contains(status.phase())
                && status.observedGeneration().equals(other.getMetadata().getGeneration());
    }

    static boolean isOver(SecurityVector other) {
        SecurityVectorStatus status = other.getStatus();
        return status != null
                && status.phase() != null
                && VECTORS_OVER.contains(status.phase())
                && status.observedGeneration().equals(other.getMetadata().getGeneration());
    }

    private static Claimant claimant(
            HasMetadata other, String place, @Nullable RunStatus run, boolean suspended, boolean published) {
        return new Claimant(
                other.getKind(),
                other.getMetadata().getName(),
                place,
                Instant.parse(other.getMetadata().getCreationTimestamp()),
                run == null ? null : run.startTime(),
                suspended,
                published);
    }
}
