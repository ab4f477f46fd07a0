package dev.safefinetune.operator;

import dev.safefinetune.operator.apply.Applied;
import dev.safefinetune.operator.decide.Decision;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a resource is looked at again without a change that tells of itself. */
final class Pace {
    /** The resource changed while it was looked at. */
    private static final Duration AT_ONCE = Duration.ofMillis(200);

    /** The API server refused something; whoever has to change that may not touch what is watched. */
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(10);

    /** A namespace's labels decide which policies hold in it, and nobody tells when they change. */
    private static final Duration WHILE_REFUSED = Duration.ofMinutes(5);

    /** A look to come; absent: when a change tells of itself. */
    record Next(@Nullable Duration after) {
        static Next whenTold() {
            return new Next(null);
        }
    }

    private Pace() {}

    static Next after(Decision decision, Applied applied, boolean written, boolean cleaned) {
        if (!written || applied instanceof Applied.Recorded) {
            return new Next(AT_ONCE);
        }
        if (applied instanceof Applied.Refused || !cleaned) {
            return new Next(AFTER_REFUSAL);
        }
        return switch (decision) {
            case Decision.Wait wait -> new Next(wait.lookAgain());
            case Decision.AtWork atWork -> new Next(atWork.lookAgain());
            case Decision.Settled settled -> new Next(settled.lookAgain());
            case Decision.Refuse ignored -> new Next(WHILE_REFUSED);
            // Its end stands on the resource now: what it leaves behind can go.
            case Decision.Fail ignored -> new Next(AT_ONCE);
            case Decision.Succeed ignored -> new Next(AT_ONCE);
            default -> Next.whenTold();
        };
    }

    static <P extends HasMetadata> UpdateControl<P> of(Next next) {
        UpdateControl<P> control = UpdateControl.noUpdate();
        return next.after() == null ? control : control.rescheduleAfter(next.after());
    }
}
