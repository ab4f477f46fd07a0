package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.plan.Names;
import java.util.List;
import java.util.Optional;

/** Whether the names of a run's Jobs fit where Kubernetes writes them. */
final class StageNames {
    private StageNames() {}

    static Optional<Decision> refusal(RunIdentity run, List<Stage> order) {
        return order.stream()
                .map(stage -> Names.stage(run.id(), stage))
                .filter(name -> name.length() > Names.MAX_NAME)
                .findFirst()
                .map(name -> new Decision.Refuse(
                        Reason.NAME_TOO_LONG,
                        "metadata.name is " + (name.length() - Names.MAX_NAME) + " characters too long: the Job " + name
                                + " would have more than " + Names.MAX_NAME));
    }
}
