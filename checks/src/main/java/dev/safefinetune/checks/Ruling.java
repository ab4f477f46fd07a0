package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.HeldPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the policies of a namespace say of a run.
 *
 * @param refusals of the policies that are enforced, without what is waived
 * @param notEnforced what the others would have refused, without what is waived
 * @param held the policies, each with what it would have refused where it is not enforced, and with waivers that were used
 */
public record Ruling(List<Refusal> refusals, List<Refusal> notEnforced, List<HeldPolicy> held) {
    public Ruling {
        refusals = List.copyOf(refusals);
        notEnforced = List.copyOf(notEnforced);
        held = List.copyOf(held);
    }

    /** Why the run is refused; where several policies refuse the same, it names all of them. */
    public Optional<Refusal> refusal() {
        return refusals.stream().findFirst().map(first -> {
            String right = refusals.stream()
                    .filter(other -> other.reason() == first.reason()
                            && other.field().equals(first.field())
                            && other.value().equals(first.value()))
                    .map(Refusal::right)
                    .distinct()
                    .collect(Collectors.joining("; "));
            return new Refusal(first.reason(), first.field(), first.value(), right);
        });
    }
}
