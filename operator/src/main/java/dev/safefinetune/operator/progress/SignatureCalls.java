package dev.safefinetune.operator.progress;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.log.LogLine;
import dev.safefinetune.operator.sign.Signatures;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests of publishing pods for a signature. Each token is asked about anew: no word of a pod that is gone is signed. */
final class SignatureCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SignatureCalls.class);
    private static final String BEARER = "Bearer ";

    private final KubernetesClient client;
    private final ReportingPod pods;
    private final @Nullable Signatures signatures;

    SignatureCalls(KubernetesClient client, @Nullable Signatures signatures) {
        this.client = client;
        this.pods = new ReportingPod(client);
        this.signatures = signatures;
    }

    Answer answer(ReportPath path, @Nullable String authorization, String body) {
        if (signatures == null) {
            return Answer.NOBODY_SIGNS;
        }
        if (authorization == null
                || !authorization.startsWith(BEARER)
                || !path.plural().equals("safefinetunes")) {
            return Answer.NOT_THE_PODS;
        }
        SafeFineTune resource = client.resources(SafeFineTune.class)
                .inNamespace(path.namespace())
                .withName(path.name())
                .get();
        if (resource == null) {
            return Answer.NOT_THE_PODS;
        }
        Optional<Stage> stage = pods.stage(authorization.substring(BEARER.length()), resource, path.run());
        if (stage.filter(Stage.PUBLISH::equals).isEmpty()) {
            return Answer.NOT_THE_PODS;
        }
        return switch (signatures.sign(resource, path.run(), body)) {
            case Signatures.Outcome.NotYet() -> Answer.NOT_YET;
            case Signatures.Outcome.Signed(String files) -> {
                tell(path, "signed");
                yield new Answer(200, files);
            }
            case Signatures.Outcome.Refused(String why) -> {
                tell(path, "not signed: " + why);
                yield new Answer(403, why);
            }
        };
    }

    private static void tell(ReportPath path, String what) {
        LogLine.info(LOG)
                .with("namespace", path.namespace())
                .with("name", path.name())
                .with("run", path.run())
                .say(what);
    }
}
