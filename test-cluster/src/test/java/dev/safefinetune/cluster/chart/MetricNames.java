package dev.safefinetune.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of metrics: what the operator shows, and what the chart's dashboard and alerts ask for. */
final class MetricNames {
    /** Everything that is no function, label or name of Prometheus' own. */
    private static final Pattern OURS =
            Pattern.compile("\\b(safefinetune|operator_sdk|jvm|process|http_server)_[a-z0-9_]+");

    private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z][a-z0-9_]*)[{ ]");

    private MetricNames() {}

    static Set<String> shown(String metrics) {
        return SAMPLE.matcher(metrics)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> asked() throws IOException {
        Set<String> asked = new TreeSet<>();
        JsonNode dashboard = Chart.yaml(Chart.DIRECTORY.resolve("files/dashboard.json"));
        for (JsonNode panel : dashboard.path("panels")) {
            Set<String> names =
                    names(panel.path("targets").findValuesAsText("expr").toString());
            assertThat(names).as("panel " + panel.path("title").asText()).isNotEmpty();
            asked.addAll(names);
        }
        asked.addAll(names(Files.readString(Chart.DIRECTORY.resolve("files/alerts.yaml"))));
        return asked;
    }

    private static Set<String> names(String expression) {
        return OURS.matcher(expression)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
