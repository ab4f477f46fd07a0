package dev.safefinetune.operator.progress;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.contract.Progress;
import java.time.Instant;
import java.util.Locale;

/** A report as a merge patch of the resource's status. */
final class ProgressPatch {
    private ProgressPatch() {}

    /**
     * The patch. It carries the version of the resource that was looked at, so that a late report never touches a status
     * that has moved on; what the pod does not know is taken away.
     */
    static String of(Progress progress, String resourceVersion) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", resourceVersion);
        ObjectNode status = patch.putObject("status").putObject("progress");
        status.put("stage", progress.stage().text());
        status.put("percentage", progress.percentage());
        status.put("estimatedRemainingSeconds", progress.estimatedRemainingSeconds());
        status.put("activity", progress.activity());
        status.put("step", progress.step());
        status.put("steps", progress.steps());
        Double loss = progress.loss();
        status.put("loss", loss == null ? null : String.format(Locale.ROOT, "%.4f", loss));
        Double speed = progress.tokensPerSecond();
        status.put(
                "tokensPerSecond", speed == null || !Double.isFinite(speed) ? null : Long.valueOf(Math.round(speed)));
        status.put("lastUpdatedTime", progress.lastUpdatedTime().toString());
        Instant checkpoint = progress.lastCheckpointTime();
        status.put("lastCheckpointTime", checkpoint == null ? null : checkpoint.toString());
        return patch.toString();
    }
}
