package dev.safefinetune.operator.sign;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.attest.AttestException;
import dev.safefinetune.attest.Listing;
import dev.safefinetune.attest.SignedModel;
import dev.safefinetune.checks.Policies;
import dev.safefinetune.checks.PolicySubject;
import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.contract.SigningRequest;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signs what a run publishes, if the operator's own record says that this very model has passed. */
public final class Signatures {
    private final KubernetesClient client;
    private final SigningKeys keys;
    private final InstantSource clock;

    public Signatures(KubernetesClient client, SigningKeys keys, InstantSource clock) {
        this.client = client;
        this.keys = keys;
        this.clock = clock;
    }

    /** What comes of a request. */
    public sealed interface Outcome {
        /** Both files, as {@link dev.safefinetune.contract.SignedFiles} in JSON. */
        record Signed(String files) implements Outcome {}

        /** Never to be signed, as it is. */
        record Refused(String why) implements Outcome {}

        /** The resource does not say yet that the last stage is at work; it may in a moment. */
        record NotYet() implements Outcome {}
    }

    /**
     * Answers a pod that works at the last stage of a run.
     *
     * @param resource as it stands at the API server
     * @param body a {@link SigningRequest} in JSON
     */
    public Outcome sign(SafeFineTune resource, String run, String body) {
        Listing files;
        try {
            files = Listing.parse(ContractJson.read(body, SigningRequest.class).manifest());
        } catch (IllegalArgumentException | AttestException e) {
            return new Outcome.Refused("the request cannot be read: " + e.getMessage());
        }
        Optional<PassedRun> passed = PassedRun.of(resource, run);
        return passed.isEmpty() ? new Outcome.NotYet() : sign(passed.get(), files);
    }

    private Outcome sign(PassedRun run, Listing files) {
        Optional<String> stranger = files.files().keySet().stream()
                .filter(name -> !PublishedFiles.isModelFile(name) && !PublishedFiles.ABOUT.contains(name))
                .findFirst();
        if (stranger.isPresent()) {
            return new Outcome.Refused("the list names a file that is neither a model's nor about one");
        }
        if (run.judged().filter(files.modelDigest()::equals).isEmpty()) {
            return new Outcome.Refused("what is to be published has the digest " + files.modelDigest()
                    + ", what was judged has "
                    + run.judged().map(Object::toString).orElse("none that is written down"));
        }
        EvaluationThresholds limits = policies(run.resource())
                .thresholds(run.resource().getSpec().safety().evaluation());
        if (!run.keeps(limits)) {
            return new Outcome.Refused("the limit on harmful compliance is " + limits.maxHarmfulRate()
                    + " now, which the model was not held to");
        }
        return new Outcome.Signed(
                ContractJson.write(SignedModel.sign(files, run.verdict(limits, clock.instant()), keys.current())));
    }

    private Policies policies(SafeFineTune resource) {
        String namespace = resource.getMetadata().getNamespace();
        PolicySubject subject =
                new PolicySubject(namespace, resource.getMetadata().getName(), clock.instant());
        List<SafeFineTunePolicy> all =
                client.resources(SafeFineTunePolicy.class).list().getItems();
        if (all.isEmpty()) {
            return Policies.of(List.of(), Map.of(), subject);
        }
        Namespace found = client.namespaces().withName(namespace).get();
        Map<String, String> labels = found == null ? null : found.getMetadata().getLabels();
        return Policies.of(all, labels == null ? Map.of() : labels, subject);
    }
}
