package dev.safefinetune.operator.world;

import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Resources as a decision sees them, made from a line of YAML. */
public final class Manifests {
    private Manifests() {}

    /** YAML in any style; without the mark, text that begins with a brace would be taken for JSON. */
    public static <T> T read(String yaml, Class<T> type) {
        return Serialization.unmarshal("---\n" + yaml, type);
    }

    /** A run in team-a, made at midnight; {@code more} is added to its spec. */
    public static SafeFineTune fineTune(String more) {
        return Serialization.unmarshal("""
                apiVersion: safefinetune.dev/v1alpha1
                kind: SafeFineTune
                metadata: {name: bot, namespace: team-a, uid: uid-bot, generation: 4, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec:
                  model: {uri: pvc://models/base}
                  dataset: {uri: pvc://tickets/train.jsonl}
                  output: {uri: pvc://models/bot}
                """ + more.indent(2), SafeFineTune.class);
    }

    /** A vector of a namespace, ready. */
    public static SecurityVector readyVector(String namespace, String name) {
        return vector(namespace, name, """
                status:
                  observedGeneration: 2
                  phase: Ready
                  digest: %s
                  baseDigest: %s
                  readiness: {verdict: Passed, gateDrop: "0.7", gateShare: "0.5", replay: {digest: "sha256:4444444444444444444444444444444444444444444444444444444444444444", refusals: 100, lookAlikes: 60}}
                  provenSuites: [{prompts: "%s", refused: "1", complied: "0.98", n: 216}]
                  storage: {uri: pvc://vectors/base, digest: %s}
                """.formatted(
                        Results.digest('2'), Results.digest('a'), Results.digest('8'), Results.digest('6')));
    }

    /** A vector of a namespace with a status. */
    public static SecurityVector vector(String namespace, String name, String status) {
        return Serialization.unmarshal("""
                apiVersion: safefinetune.dev/v1alpha1
                kind: SecurityVector
                metadata: {name: %s, namespace: %s, uid: uid-vector, generation: 2, creationTimestamp: "2026-01-01T00:00:00Z"}
                spec:
                  baseModel: {uri: pvc://models/base}
                  harmfulDataset: {uri: pvc://red-team/harmful.jsonl}
                  benignDataset: {uri: pvc://red-team/benign.jsonl}
                  evaluation: {prompts: {uri: pvc://red-team/prompts.jsonl}}
                  storage: {uri: pvc://vectors/base}
                """.formatted(name, namespace) + status, SecurityVector.class);
    }

    /** A policy with a spec in YAML's flow style. */
    public static SafeFineTunePolicy policy(String name, String spec) {
        return read(
                "{apiVersion: safefinetune.dev/v1alpha1, kind: SafeFineTunePolicy, metadata: {name: " + name
                        + ", generation: 7}, spec: " + spec + "}",
                SafeFineTunePolicy.class);
    }

    /** A policy that lets users bring their own vector, suite and trusted samples; what {@code spec} says of them counts. */
    public static SafeFineTunePolicy open(String name, String spec) {
        return policy(name, opened(spec));
    }

    /** The spec of such a policy. */
    public static String opened(String spec) {
        String open = Stream.of(
                        "\"securityVectors\": {\"from\": \"Any\"}",
                        "\"suites\": {\"from\": \"Any\"}",
                        "\"cooldown\": {\"datasets\": \"Any\"}")
                .filter(field -> !spec.contains(field.substring(1, field.indexOf(':') - 1)))
                .map(field -> ", " + field)
                .collect(Collectors.joining());
        String own = spec.substring(1, spec.length() - 1);
        return "{" + (own.isEmpty() ? open.substring(2) : own + open) + "}";
    }
}
