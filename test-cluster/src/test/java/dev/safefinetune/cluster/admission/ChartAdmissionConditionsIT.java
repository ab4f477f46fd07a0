package dev.safefinetune.cluster.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.cluster.ControlPlane;
import dev.safefinetune.cluster.chart.Chart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each condition of each policy matters: without it, at least one attempt of the corpus is judged wrong. Every policy that
 * lacks one condition holds in namespaces of its own, so that all of them are there at the same time.
 */
class ChartAdmissionConditionsIT {
    private static final Corpus CORPUS = Corpus.load();
    private static final String CONTROL = "control";

    /** A pattern of policies, for who works on one of them; all where it is left out. */
    private static final String ONLY = "admission.policies";

    @TempDir
    static Path home = Path.of(".");

    private static @Nullable ControlPlane server;

    @BeforeAll
    static void start() {
        server = ControlPlane.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void withoutAnyOneAnAttemptIsJudgedWrong() {
        if (server == null) {
            throw new IllegalStateException("no API server");
        }
        World world = new World(server, CORPUS);
        ChartPolicies.definitions().forEach(definition -> world.apply("", definition));
        world.furnish();
        List<String> unnoticed = new ArrayList<>();
        int all = 0;
        for (ObjectNode policy : ChartPolicies.rendered(home)) {
            String rules = ChartPolicies.rules(policy);
            if (!rules.matches(System.getProperty(ONLY, ".*"))) {
                continue;
            }
            List<Mutant> mutants = Mutant.of(policy);
            all += mutants.size();
            List<String> found = new Batch(world, policy, mutants).unnoticed();
            unnoticed.addAll(found);
            System.out.println("admission policy " + rules + ": " + mutants.size()
                    + " conditions taken out, one at a time, unnoticed: " + found);
        }
        assertThat(unnoticed)
                .as("of %d conditions, these can be taken out".formatted(all))
                .isEmpty();
        assertThat(all).isPositive();
    }

    /** The changed forms of one policy, each bound to its own namespaces, and the policy itself bound to others. */
    private record Batch(World world, ObjectNode policy, List<Mutant> mutants) {
        List<String> unnoticed() {
            List<Attempt> attempts = attempts();
            Attempt refused = attempts.stream()
                    .filter(attempt -> !attempt.isAllowed())
                    .findFirst()
                    .orElseThrow();
            // Before any policy is there, so that the administrator's fixtures are not judged.
            namespaces(CONTROL, attempts);
            IntStream.range(0, mutants.size()).parallel().forEach(i -> namespaces(name(i), attempts));
            List<ObjectNode> made = new ArrayList<>();
            BitSet installed = new BitSet();
            for (int i = 0; i < mutants.size(); i++) {
                installed.set(i, install(name(i), mutants.get(i).policy(), made));
            }
            // The last one: what the API server knows of it, it knows of the others too.
            install(CONTROL, policy, made);
            World.await("the policies", () -> world.judge(refused, own(CONTROL)).is(refused));
            assertThat(world.wrong(attempts, own(CONTROL)))
                    .as("with all conditions")
                    .isEmpty();
            List<String> unnoticed = installed.stream()
                    .parallel()
                    .filter(i -> attempts.stream()
                            .allMatch(attempt ->
                                    world.judge(attempt, own(name(i))).is(attempt)))
                    .mapToObj(i ->
                            ChartPolicies.rules(policy) + " " + mutants.get(i).change())
                    .toList();
            made.reversed().forEach(world::delete);
            World.await("no policies", () -> !world.judge(refused, own(CONTROL)).is(refused));
            return unnoticed;
        }

        private static String name(int mutant) {
            return "m" + mutant;
        }

        /** The namespace of one changed form of this policy. */
        private String own(String name) {
            return name + "-" + ChartPolicies.rules(policy).toLowerCase(Locale.ROOT);
        }

        private void namespaces(String name, List<Attempt> attempts) {
            String guarded = own(name);
            String label = "admission-test: " + guarded;
            Set<String> places = attempts.stream().map(Attempt::place).collect(Collectors.toSet());
            places.add("guarded");
            for (String place : places) {
                String labels = place.equals("guarded") ? "safefinetune.dev/guarded: \"true\", team: a, " : "team: a, ";
                Set<String> fixtures = attempts.stream()
                        .filter(attempt -> attempt.place().equals(place))
                        .map(Attempt::object)
                        .collect(Collectors.toSet());
                world.namespace(World.in(place, guarded), fixtures, "{" + labels + label + "}");
            }
        }

        /**
         * Those that the policy refuses and those that nobody refuses, of the resources that it looks at; what it refuses first,
         * as most changes show there. A policy of the guarded namespaces is bound to no others.
         */
        private List<Attempt> attempts() {
            Set<String> resources = policy.at("/spec/matchConstraints/resourceRules").findValues("resources").stream()
                    .flatMap(JsonNode::valueStream)
                    .map(JsonNode::asText)
                    .collect(Collectors.toSet());
            List<Attempt> attempts = new ArrayList<>(CORPUS.attempts().stream()
                    .filter(attempt -> attempt.rule().startsWith(ChartPolicies.rules(policy) + "."))
                    .toList());
            CORPUS.attempts().stream()
                    .filter(Attempt::isAllowed)
                    .filter(attempt -> isEverywhere() || attempt.place().equals("guarded"))
                    .filter(attempt -> resources.contains(world.resource(attempt)))
                    .forEach(attempts::add);
            return attempts;
        }

        private boolean isEverywhere() {
            return Set.of("namespaces", "operator").contains(ChartPolicies.rules(policy));
        }

        /** Whether the API server takes it: without some conditions an expression has no type, and nobody can install it. */
        private boolean install(String namespace, ObjectNode changed, List<ObjectNode> made) {
            String guarded = own(namespace);
            String name = "admission-test-" + guarded;
            String text = changed.toString().replace("'" + Chart.NAMESPACE + "'", "'" + World.in("own", guarded) + "'");
            ObjectNode own = (ObjectNode) Chart.objects(text).getFirst();
            own.putObject("metadata").put("name", name);
            World.Answer answer = world.offer("", own);
            if (answer.body().path("message").asText().contains("compilation failed")) {
                return false;
            }
            assertThat(answer.status()).as(answer.body().toString()).isLessThan(300);
            made.add(own);
            ObjectNode binding = (ObjectNode) Chart.objects("""
                    apiVersion: admissionregistration.k8s.io/v1
                    kind: ValidatingAdmissionPolicyBinding
                    metadata: {name: %s}
                    spec:
                      policyName: %s
                      validationActions: [Deny]
                      matchResources: {namespaceSelector: {matchLabels: {admission-test: %s%s}}}
                    """.formatted(
                                    name, name, guarded, isEverywhere() ? "" : ", safefinetune.dev/guarded: \"true\""))
                    .getFirst();
            world.apply("", binding);
            made.add(binding);
            return true;
        }
    }
}
