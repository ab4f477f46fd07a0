package dev.safefinetune.operator.progress;

import dev.safefinetune.contract.ServedSuite;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.operator.log.LogLine;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the platform's suites to the pods that prepare and judge, and to nobody else. A suite is served to a pod whose Job was planned
 * to ask it. Its digest is held to by the pod, which was told it by the policy: what lies in the ConfigMap is not believed.
 */
final class SuiteCalls {
    private static final Logger LOG = LoggerFactory.getLogger(SuiteCalls.class);

    private final KubernetesClient client;
    private final ReportingPod pods;
    private final String namespace;

    /**
     * Serves from a namespace.
     *
     * @param namespace the operator's own
     */
    SuiteCalls(KubernetesClient client, String namespace) {
        this.client = client;
        this.pods = new ReportingPod(client);
        this.namespace = namespace;
    }

    Answer answer(Call.Suite call, @Nullable String authorization) {
        ReportPath of = call.of();
        Optional<StageTask> task = Caller.of(client, of, authorization)
                .flatMap(caller -> pods.task(caller.token(), caller.resource(), of.run()));
        if (task.isEmpty()
                || suites(task.get()).stream().noneMatch(suite -> suite.name().equals(call.suite()))) {
            return Answer.NOT_THE_PODS;
        }
        LogLine.info(LOG)
                .with("namespace", of.namespace())
                .with("name", of.name())
                .with("run", of.run())
                .with("suite", call.suite())
                .say("serving a suite");
        return content(call);
    }

    private static List<ServedSuite> suites(StageTask task) {
        List<ServedSuite> served = switch (task) {
            case StageTask.Prepare prepare -> prepare.served();
            case StageTask.Evaluate evaluate -> evaluate.served();
            default -> null;
        };
        return served == null ? List.of() : served;
    }

    private Answer content(Call.Suite call) {
        ConfigMap found = client.configMaps()
                .inNamespace(namespace)
                .withName(call.suite())
                .get();
        String where = "ConfigMap " + call.suite() + " in the operator's namespace";
        if (found == null) {
            return new Answer(404, where + " does not exist");
        }
        String text = found.getData() == null ? null : found.getData().get(call.file());
        return text == null ? new Answer(404, where + " has no " + call.file()) : new Answer(200, text);
    }
}
