package dev.safefinetune.cli.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.safefinetune.api.v1alpha1.Api;
import dev.safefinetune.api.v1alpha1.CustomResourceDefinitions;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.local.judge.Finding;
import dev.safefinetune.local.judge.Judgement;
import dev.safefinetune.local.judge.ManifestJudge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Judges manifests by the schemas of their kinds and, where these accept them, by what the operator decides without looking
 * at a cluster.
 */
public final class Validator {
    private final Map<String, ManifestJudge> judges = new HashMap<>();
    private final Foreseen foreseen;

    /** Judges where no policy holds. */
    public Validator() {
        this(List.of());
    }

    /**
     * Judges where policies hold.
     *
     * @param policies in force for every manifest, whatever namespaces they select
     */
    public Validator(List<SafeFineTunePolicy> policies) {
        foreseen = new Foreseen(List.copyOf(policies), Instant.now());
        YAMLMapper yaml = new YAMLMapper();
        for (String plural : CustomResourceDefinitions.PLURALS) {
            try {
                JsonNode crd = yaml.readTree(CustomResourceDefinitions.yaml(plural));
                judges.put(crd.at("/spec/names/kind").asText(), ManifestJudge.of(crd));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the CRD of " + plural, e);
            }
        }
    }

    /** All problems of a file, in the order of its lines. */
    public List<Problem> validate(Path file) {
        return validate(file, YamlFile.read(file));
    }

    /** The same of a file that was read. */
    List<Problem> validate(Path file, YamlFile yaml) {
        List<Problem> problems = new ArrayList<>(yaml.problems());
        yaml.manifests().forEach(manifest -> problems.addAll(validate(manifest)));
        if (problems.isEmpty() && yaml.manifests().isEmpty()) {
            problems.add(new Problem(file, 1, "", "", "there is no manifest in it"));
        }
        problems.sort(Comparator.comparingInt(Problem::line));
        return problems;
    }

    private List<Problem> validate(Manifest manifest) {
        if (!manifest.json().isObject()) {
            return List.of(manifest.problem("", "", "a manifest must be an object with apiVersion, kind and metadata"));
        }
        String apiVersion = manifest.json().path("apiVersion").asText();
        if (apiVersion.isEmpty()) {
            return List.of(manifest.problem("apiVersion", "", "is missing; such as " + Api.GROUP + "/" + Api.VERSION));
        }
        if (manifest.kind().isEmpty()) {
            return List.of(manifest.problem("kind", "", "is missing; such as SafeFineTune"));
        }
        if (!apiVersion.startsWith(Api.GROUP + "/")) {
            // Claims, Secrets and the like may stand beside; their own API server judges them.
            return judges.containsKey(manifest.kind()) ? List.of(wrongVersion(manifest, apiVersion)) : List.of();
        }
        if (!apiVersion.equals(Api.GROUP + "/" + Api.VERSION)) {
            return List.of(wrongVersion(manifest, apiVersion));
        }
        ManifestJudge judge = judges.get(manifest.kind());
        if (judge == null) {
            return List.of(manifest.problem(
                    "kind", "\"" + manifest.kind() + "\"", "must be one of " + new TreeSet<>(judges.keySet())));
        }
        Judgement judgement = judge.judgeThoroughly(manifest.json());
        List<Problem> problems = new ArrayList<>();
        Stream.concat(judgement.unknownFields().stream(), judgement.errors().stream())
                .forEach(finding -> problems.add(problem(manifest, finding)));
        return problems.isEmpty() ? foreseen.in(manifest, judgement.object()) : problems;
    }

    private static Problem wrongVersion(Manifest manifest, String apiVersion) {
        return manifest.problem("apiVersion", "\"" + apiVersion + "\"", "must be " + Api.GROUP + "/" + Api.VERSION);
    }

    private static Problem problem(Manifest manifest, Finding finding) {
        String right = finding.type() == Finding.Type.REQUIRED ? "is missing" : finding.message();
        return manifest.problem(finding.field(), finding.value(), right);
    }
}
