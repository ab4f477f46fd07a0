package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Holds an object's metadata to what every API server asks of it: a DNS name, and labels of a form. */
final class MetadataCheck {
    private static final int LONGEST_NAME = 253;
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern LABEL = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final int LONGEST_LABEL = 63;

    private final List<Finding> findings = new ArrayList<>();

    private MetadataCheck() {}

    static List<Finding> check(JsonNode object) {
        MetadataCheck check = new MetadataCheck();
        JsonNode metadata = object.path("metadata");
        check.name(metadata);
        check.strings("metadata.annotations", metadata.path("annotations"));
        check.strings("metadata.labels", metadata.path("labels"));
        for (Map.Entry<String, JsonNode> label : metadata.path("labels").properties()) {
            String value = label.getValue().asText();
            if (!LABEL.matcher(value).matches() || value.length() > LONGEST_LABEL) {
                check.add(
                        Finding.Type.INVALID,
                        "metadata.labels",
                        label.getValue(),
                        "a label's value must be at most 63 letters, digits, '-', '_' and '.',"
                                + " and begin and end with a letter or digit");
            }
        }
        return check.findings;
    }

    private void name(JsonNode metadata) {
        JsonNode name = metadata.path("name");
        if (name.isMissingNode() || name.asText().isEmpty()) {
            if (!metadata.path("generateName").isTextual()) {
                findings.add(
                        new Finding(Finding.Type.REQUIRED, "metadata.name", "", "name or generateName is required"));
            }
        } else if (!name.isTextual()) {
            add(Finding.Type.WRONG_TYPE, "metadata.name", name, "must be of type string");
        } else if (!NAME.matcher(name.asText()).matches() || name.asText().length() > LONGEST_NAME) {
            add(
                    Finding.Type.INVALID,
                    "metadata.name",
                    name,
                    "a name must consist of lower-case letters, digits, '-' and '.',"
                            + " and begin and end with a letter or digit");
        }
    }

    private void strings(String path, JsonNode map) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (!entry.getValue().isTextual()) {
                add(
                        Finding.Type.WRONG_TYPE,
                        Paths.field(path, entry.getKey()),
                        entry.getValue(),
                        "must be of type string");
            }
        }
    }

    private void add(Finding.Type type, String field, JsonNode value, String message) {
        findings.add(new Finding(type, field, value.toString(), message));
    }
}
