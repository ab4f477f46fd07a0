package dev.safefinetune.operator.apply;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.operator.decide.Decision;
import dev.safefinetune.operator.log.LogLine;
import dev.safefinetune.operator.observe.RunObject;
import dev.safefinetune.operator.plan.JobDigest;
import dev.safefinetune.operator.plan.Names;
import dev.safefinetune.operator.plan.StageObjects;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
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

    private static final String HOLD = patch(true, "\"true\"");
    private static final String RELEASE = patch(false, "null");

    private final KubernetesClient client;

    public Applier(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Carries out a decision that makes nothing; one that asks for nothing is done.
     */
    public Applied carryOut(String namespace, Decision decision) {
        return switch (decision) {
            case Decision.Suspend suspend -> hold(namespace, suspend.job(), HOLD);
            case Decision.AtWork atWork -> hold(namespace, atWork.release(), RELEASE);
            default -> new Applied.Done();
        };
    }

    private interface Act {
        Applied carryOut() throws NameTakenException;
    }

    private static Applied guarded(Act act) {
        try {
            return act.carryOut();
        } catch (NameTakenException e) {
            return new Applied.Refused(Reason.NAME_TAKEN, String.valueOf(e.getMessage()));
        } catch (KubernetesClientException e) {
            if (!isAnswer(e)) {
                throw e;
            }
            String message = message(e);
            return new Applied.Refused(
                    message.contains("exceeded quota") ? Reason.QUOTA_EXCEEDED : Reason.APPLY_FAILED, message);
        }
    }

    /**
     * Whether the API server has said no, rather than nothing. An admission webhook that is away is its answer too, with the
     * code 500; what comes with a higher code is over soon or says nothing.
     */
    private static boolean isAnswer(KubernetesClientException e) {
        return e.getCode() > 0
                && (e.getCode() < HttpURLConnection.HTTP_INTERNAL_ERROR
                        || e.getCode() == HttpURLConnection.HTTP_INTERNAL_ERROR
                                && message(e).contains("webhook"));
    }

    /** Holds a Job or lets it go: its spec.suspend, and the mark that says by whom. */
    private Applied hold(String namespace, @Nullable String job, String patch) {
        if (job == null) {
            return new Applied.Done();
        }
        return guarded(() -> {
            client.batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName(job)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
            return new Applied.Done();
        });
    }

    /** Creates a stage's objects, the Job last. */
    public Applied create(StageObjects objects) {
        return guarded(() -> createAll(objects));
    }

    private Applied createAll(StageObjects objects) throws NameTakenException {
        HasMetadata job = existing(objects.job());
        if (job != null) {
            return ours(objects, (Job) job);
        }
        createOrKeep(objects.serviceAccount());
        createOrKeep(objects.scratch());
        createOrKeep(objects.job());
        return new Applied.Done();
    }

    /** Whoever may make Jobs can make one that the resource controls, under the name of its next stage. */
    private static Applied ours(StageObjects planned, Job there) throws NameTakenException {
        if (owned(planned.job(), there) instanceof Applied.Refused refused) {
            throw new NameTakenException(refused.message());
        }
        if (!planned.planned().equals(JobDigest.of(there).value())) {
            throw new NameTakenException("Job " + there.getMetadata().getName()
                    + " exists, does other work than was planned for the stage and was not made by the operator;"
                    + " nothing is read off it; delete it");
        }
        return new Applied.Done();
    }

    /**
     * Deletes what a run has left behind, and the pods of its Jobs with them.
     *
     * @return false where the API server refused something; the rest is deleted all the same
     */
    public boolean delete(String namespace, List<RunObject> leftovers) {
        boolean all = true;
        for (RunObject leftover : leftovers) {
            Applied applied = guarded(() -> delete(namespace, leftover));
            LogLine line = applied instanceof Applied.Refused(var reason, var ignored)
                    ? LogLine.warn(LOG).with("reason", reason.text())
                    : LogLine.info(LOG);
            line.with("namespace", namespace)
                    .with("kind", leftover.kind().text())
                    .with("name", leftover.name())
                    .with("run", leftover.run())
                    .say(
                            applied instanceof Applied.Refused refused
                                    ? "what a run has left behind cannot be deleted: " + refused.message()
                                    : "deleted what a run has left behind");
            all &= applied instanceof Applied.Done;
        }
        return all;
    }

    private Applied delete(String namespace, RunObject leftover) {
        switch (leftover.kind()) {
            case JOB -> delete(client.batch().v1().jobs().inNamespace(namespace).withName(leftover.name()), leftover);
            case SCRATCH ->
                delete(client.persistentVolumeClaims().inNamespace(namespace).withName(leftover.name()), leftover);
            case POD -> delete(client.pods().inNamespace(namespace).withName(leftover.name()), leftover);
        }
        return new Applied.Done();
    }

    private static void delete(Resource<?> resource, RunObject leftover) {
        HasMetadata there = (HasMetadata) resource.get();
        if (there != null && leftover.uid().equals(there.getMetadata().getUid())) {
            resource.withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
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

    private static String patch(boolean suspend, String mark) {
        return "{\"metadata\":{\"annotations\":{\"" + Names.HELD_ANNOTATION + "\":" + mark + "}},\"spec\":{\"suspend\":"
                + suspend + "}}";
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
