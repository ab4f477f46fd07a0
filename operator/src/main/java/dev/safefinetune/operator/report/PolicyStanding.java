package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.Enforcement;
import dev.safefinetune.api.v1alpha1.HeldPolicy;
import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.UsedWaiver;
import dev.safefinetune.checks.Words;
import dev.safefinetune.operator.decide.Accepted;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run that no policy refuses stands under the policies, as a condition says it.
 *
 * @param reason whether it is within all of them, or lives on a waiver or a warning
 * @param message the policies, and what would have been refused
 */
record PolicyStanding(Reason reason, String message) {
    static PolicyStanding of(Accepted accepted) {
        List<String> waived = new ArrayList<>();
        List<String> warned = new ArrayList<>();
        for (HeldPolicy held : accepted.held()) {
            List<UsedWaiver> waivers = held.waivers();
            if (waivers != null && held.enforcement() != Enforcement.AUDIT) {
                waivers.forEach(waiver -> waived.add("%s of %s is waived until %s: %s"
                        .formatted(Words.of(waiver.waives()), held.policy(), waiver.until(), waiver.reason())));
            }
            if (held.notEnforced() != null && held.enforcement() == Enforcement.WARN) {
                held.notEnforced().forEach(sentence -> warned.add("not enforced: " + sentence));
            }
        }
        Reason reason =
                !warned.isEmpty() ? Reason.NOT_ENFORCED : waived.isEmpty() ? Reason.WITHIN_LIMITS : Reason.WAIVED;
        List<String> all = new ArrayList<>(List.of("within " + String.join(", ", accepted.policies())));
        all.addAll(warned);
        all.addAll(waived);
        return new PolicyStanding(reason, String.join(". ", all));
    }
}
