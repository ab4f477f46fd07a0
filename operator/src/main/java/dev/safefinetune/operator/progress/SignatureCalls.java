package dev.safefinetune.operator.progress;

import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.log.LogLine;
import dev.safefinetune.operator.sign.Signatures;
import io.fabric8.kubernetes.client.KubernetesClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests of publishing pods for a signature. Each token is asked about anew: no word of a pod that is gone is signed. */
final class SignatureCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SignatureCalls.class);

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
        Caller caller = Caller.of(client, path, authorization).orElse(null);
        if (caller == null
                || pods.stage(caller.token(), caller.resource(), path.run())
                        .filter(Stage.PUBLISH::equals)
                        .isEmpty()) {
            return Answer.NOT_THE_PODS;
        }
        return switch (signatures.sign(caller.resource(), path.run(), body)) {
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
