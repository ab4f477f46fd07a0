package dev.safefinetune.local.api.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which objects of a kind a list or a watch is about. */
public final class Selector implements Predicate<JsonNode> {
    private static final Pattern SET = Pattern.compile("\\s*([^\\s,=!()]+)\\s+(in|notin)\\s+\\(([^)]*)\\)\\s*");
    private static final Set<String> EVERYWHERE = Set.of("metadata.name", "metadata.namespace");
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "pods",
            Set.of("spec.nodeName", "status.phase", "spec.restartPolicy", "spec.serviceAccountName"),
            "jobs.batch",
            Set.of("status.successful"),
            "secrets",
            Set.of("type"),
            "namespaces",
            Set.of("status.phase"),
            "events",
            Set.of(
                    "involvedObject.kind",
                    "involvedObject.namespace",
                    "involvedObject.name",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "reason",
                    "type"));

    private final List<Predicate<JsonNode>> all;

    private Selector(List<Predicate<JsonNode>> all) {
        this.all = all;
    }

    /**
     * Reads both selectors of a request.
     *
     * @throws ApiFault when either cannot be read or a field cannot be selected on
     */
    public static Selector parse(ResourceType type, String labels, String fields) {
        List<Predicate<JsonNode>> all = new ArrayList<>();
        for (String term : terms(labels)) {
            all.add(label(term));
        }
        for (String term : terms(fields)) {
            all.add(field(type, term));
        }
        return new Selector(all);
    }

    @Override
    public boolean test(JsonNode object) {
        return all.stream().allMatch(p -> p.test(object));
    }

    /** Splits at commas outside parentheses. */
    private static List<String> terms(String selector) {
        List<String> terms = new ArrayList<>();
        for (String term : selector.split(",(?![^(]*\\))")) {
            if (!term.isBlank()) {
                terms.add(term.strip());
            }
        }
        return terms;
    }

    private static Predicate<JsonNode> label(String term) {
        Matcher set = SET.matcher(term);
        if (set.matches()) {
            List<String> values = List.of(set.group(3).strip().split("\\s*,\\s*"));
            boolean in = set.group(2).equals("in");
            return o -> in
                    == (o.path("metadata").path("labels").has(set.group(1)) && values.contains(value(o, set.group(1))));
        }
        int not = term.indexOf("!=");
        if (not > 0) {
            return o -> !value(o, term.substring(0, not).strip())
                    .equals(term.substring(not + 2).strip());
        }
        int equal = term.indexOf('=');
        if (equal > 0) {
            String expected = term.substring(term.startsWith("==", equal) ? equal + 2 : equal + 1)
                    .strip();
            return o -> value(o, term.substring(0, equal).strip()).equals(expected);
        }
        if (term.startsWith("!")) {
            return o -> !o.path("metadata").path("labels").has(term.substring(1).strip());
        }
        if (term.contains(" ")) {
            throw ApiFault.badRequest("unable to parse requirement: " + term);
        }
        return o -> o.path("metadata").path("labels").has(term);
    }

    /** A label's value; a character that no value can hold when it is absent, so that it equals nothing. */
    private static String value(JsonNode object, String label) {
        return object.path("metadata").path("labels").path(label).asText("\0");
    }

    private static Predicate<JsonNode> field(ResourceType type, String term) {
        boolean not = term.contains("!=");
        int at = not ? term.indexOf("!=") : term.indexOf('=');
        if (at < 0) {
            throw ApiFault.badRequest("invalid field selector: " + term);
        }
        String path = term.substring(0, at);
        String expected = term.substring(at + (not || term.startsWith("==", at) ? 2 : 1));
        if (!EVERYWHERE.contains(path)
                && !FIELDS.getOrDefault(type.qualified(), Set.of()).contains(path)) {
            throw ApiFault.badRequest("field label not supported: " + path);
        }
        String pointer = "/" + path.replace('.', '/');
        return o -> not != o.at(pointer).asText("").equals(expected);
    }
}
