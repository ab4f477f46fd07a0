package dev.safefinetune.cluster.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A policy without one of its conditions.
 *
 * @param change what is missing
 */
record Mutant(String change, ObjectNode policy) {

    /** Every one of a policy: without a resource, an operation, a match condition, a validation, or a part of an expression. */
    static List<Mutant> of(ObjectNode policy) {
        List<Mutant> mutants = new ArrayList<>();
        rules(policy, mutants);
        for (String list : List.of("matchConditions", "validations")) {
            for (int i = 0; i < policy.at("/spec/" + list).size(); i++) {
                ObjectNode without = policy.deepCopy();
                ((ArrayNode) without.at("/spec/" + list)).remove(i);
                mutants.add(new Mutant(
                        list + "[" + i + "] "
                                + policy.at("/spec/" + list + "/" + i + "/expression")
                                        .asText(),
                        without));
            }
        }
        for (String list : List.of("matchConditions", "variables", "validations")) {
            for (int i = 0; i < policy.at("/spec/" + list).size(); i++) {
                expressions(policy, "/spec/" + list + "/" + i, mutants);
            }
        }
        return mutants;
    }

    private static void rules(ObjectNode policy, List<Mutant> mutants) {
        JsonNode rules = policy.at("/spec/matchConstraints/resourceRules");
        for (int i = 0; i < rules.size(); i++) {
            for (String list : List.of("resources", "operations")) {
                JsonNode values = rules.get(i).path(list);
                for (int j = 0; j < values.size(); j++) {
                    ObjectNode without = policy.deepCopy();
                    ArrayNode left = (ArrayNode) without.at("/spec/matchConstraints/resourceRules");
                    if (values.size() == 1) {
                        left.remove(i);
                    } else {
                        ((ArrayNode) left.get(i).path(list)).remove(j);
                    }
                    if (!left.isEmpty()) {
                        mutants.add(new Mutant(
                                "resourceRules[" + i + "]." + list + " "
                                        + values.get(j).asText(),
                                without));
                    }
                }
            }
        }
    }

    private static void expressions(ObjectNode policy, String at, List<Mutant> mutants) {
        String expression = policy.at(at).path("expression").asText();
        for (String shorter : new Cel(expression).without()) {
            ObjectNode without = policy.deepCopy();
            ((ObjectNode) without.at(at)).put("expression", shorter);
            mutants.add(new Mutant(at + " " + policy.at(at).path("name").asText() + ": " + shorter, without));
        }
    }
}
