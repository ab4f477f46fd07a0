package dev.safefinetune.checks;

import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SafeFineTuneSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Wishes and policies, made from a line of YAML. */
final class Wishes {
    private Wishes() {}

    /** YAML in any style; without the mark, text that begins with a brace would be taken for JSON. */
    static <T> T read(String yaml, Class<T> type) {
        return Serialization.unmarshal("---\n" + yaml, type);
    }

    /** A spec; what {@code more} says of its three places replaces them. */
    static SafeFineTuneSpec spec(String more) {
        String places = Stream.of(
                        "model: {uri: pvc://models/base}",
                        "dataset: {uri: pvc://tickets/train.jsonl}",
                        "output: {uri: pvc://models/bot}")
                .filter(place -> !("\n" + more).contains("\n" + place.substring(0, place.indexOf('{'))))
                .collect(Collectors.joining("\n"));
        return read(places + "\n" + more, SafeFineTuneSpec.class);
    }

    /** The same with the GPUs that it asks for. */
    static FineTuneWish wish(String more) {
        SafeFineTuneSpec spec = spec(more);
        return new FineTuneWish(spec, Gpus.of(spec.resources(), 0, null));
    }

    /** A policy with a spec in YAML's flow style. */
    static SafeFineTunePolicy policy(String name, String spec) {
        return read("{metadata: {name: " + name + ", generation: 7}, spec: " + spec + "}", SafeFineTunePolicy.class);
    }

    /** A policy that lets users bring their own vector, suite and trusted samples; what {@code spec} says of them counts. */
    static SafeFineTunePolicy open(String name, String spec) {
        String open = Stream.of("securityVectors: {from: Any}", "suites: {from: Any}", "cooldown: {datasets: Any}")
                .filter(field -> !spec.contains(field.substring(0, field.indexOf('{'))))
                .map(field -> ", " + field)
                .collect(Collectors.joining());
        String own = spec.substring(1, spec.length() - 1);
        return policy(name, "{" + (own.isEmpty() ? open.substring(2) : own + open) + "}");
    }

    /** The policies that hold for the run bot of team-a at noon. */
    static Policies holding(SafeFineTunePolicy... policies) {
        return holding("2026-06-01T12:00:00Z", policies);
    }

    /** The same at a time. */
    static Policies holding(String now, SafeFineTunePolicy... policies) {
        return new Policies(List.of(policies), new PolicySubject("team-a", "bot", Instant.parse(now)));
    }
}
