package dev.safefinetune.operator.apply;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.operator.plan.StageObjects;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates and deletes. An object that is there already under its name is left as it is, so an operator that dies half-way
 * and starts again ends where it would have ended.
 */
public final class Applier {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    private final KubernetesClient client;

    public Applier(KubernetesClient client) {
        this.client = client;
    }

    /** Creates a stage's objects, the Job last. */
    public Applied create(StageObjects objects) {
        try {
            HasMetadata job = existing(objects.job());
            if (job != null) {
                return owned(objects.job(), job);
            }
            createOrKeep(objects.serviceAccount());
            createOrKeep(objects.scratch());
            replaceIfStale(objects.jobSpec());
            createOrKeep(objects.job());
            return new Applied.Done();
        } catch (NameTakenException e) {
            return new Applied.Refused(Reason.NAME_TAKEN, String.valueOf(e.getMessage()));
        } catch (KubernetesClientException e) {
            if (e.getCode() >= HttpURLConnection.HTTP_INTERNAL_ERROR || e.getCode() <= 0) {
                throw e;
            }
            return new Applied.Refused(Reason.APPLY_FAILED, message(e));
        }
    }

    /** Deletes unfinished Jobs of earlier runs, and their pods with them. */
    public void deleteJobs(String namespace, List<String> names) {
        for (String name : names) {
            LOG.atInfo()
                    .addKeyValue("namespace", namespace)
                    .addKeyValue("job", name)
                    .log("deleting a Job of an earlier run");
            client.batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName(name)
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete();
        }
    }

    private @Nullable HasMetadata existing(HasMetadata object) {
        return client.resource(object).get();
    }

    private void createOrKeep(HasMetadata object) throws NameTakenException {
        HasMetadata there = existing(object);
        if (there == null) {
            try {
                client.resource(object).create();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
                there = existing(object);
            }
        }
        if (there != null && owned(object, there) instanceof Applied.Refused refused) {
            throw new NameTakenException(refused.message());
        }
    }

    /** A job spec left by an operator that died before it made the Job may be stale; no pod has read it. */
    private void replaceIfStale(ConfigMap spec) throws NameTakenException {
        ConfigMap there = client.resource(spec).get();
        if (there != null
                && owned(spec, there) instanceof Applied.Done
                && !Objects.equals(there.getData(), spec.getData())) {
            client.resource(spec).delete();
        }
        createOrKeep(spec);
    }

    /** Whether what is there has the owner that the object would have. */
    private static Applied owned(HasMetadata wanted, HasMetadata there) {
        if (Objects.equals(owner(wanted), owner(there))) {
            return new Applied.Done();
        }
        return new Applied.Refused(
                Reason.NAME_TAKEN,
                there.getKind() + " " + there.getMetadata().getName()
                        + " exists and belongs to something else; delete it, or wait until it is gone");
    }

    private static @Nullable String owner(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .map(OwnerReference::getUid)
                .findFirst()
                .orElse(null);
    }

    private static String message(KubernetesClientException e) {
        String said = e.getStatus() == null ? null : e.getStatus().getMessage();
        return said == null ? String.valueOf(e.getMessage()) : said;
    }

    private static final class NameTakenException extends Exception {
        private static final long serialVersionUID = 1L;

        NameTakenException(String message) {
            super(message);
        }
    }
}
