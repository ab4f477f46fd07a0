package dev.safefinetune.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import dev.safefinetune.api.v1alpha1.CrdStamp;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTunePolicy;
import dev.safefinetune.api.v1alpha1.SecurityVector;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The CRDs as the types say them. */
final class GeneratedCrds {
    private static final List<Class<?>> KINDS =
            List.of(SafeFineTune.class, SecurityVector.class, SafeFineTunePolicy.class);

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .stringQuotingChecker(new NumbersQuoted())
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build());

    private GeneratedCrds() {}

    /** CRDs by name. */
    static Map<String, JsonNode> trees() {
        CrdCompletion completion = new CrdCompletion(KINDS);
        new CRDGenerator()
                .customResourceClasses(SafeFineTune.class, SecurityVector.class, SafeFineTunePolicy.class)
                .withParallelGenerationEnabled(false)
                .withPostProcessor(completion)
                .withOutput(new Nowhere())
                .detailedGenerate();
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        for (Class<?> kind : KINDS) {
            for (CustomResourceDefinition crd : completion.completed()) {
                if (crd.getSpec().getNames().getKind().equals(kind.getSimpleName())) {
                    JsonNode tree = Serialization.jsonMapper().valueToTree(crd);
                    wholeNumbers(tree);
                    stamp(tree);
                    byName.put(crd.getMetadata().getName(), tree);
                }
            }
        }
        return byName;
    }

    /** By these annotations the operator tells at its start whether a cluster's CRDs are of its own release. */
    private static void stamp(JsonNode crd) {
        ((ObjectNode) crd.path("metadata"))
                .putObject("annotations")
                .put(CrdStamp.VERSION, CrdStamp.release())
                .put(CrdStamp.DIGEST, digest(crd.path("spec")));
    }

    private static String digest(JsonNode spec) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(spec.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digests alone, so that the operator need not read the whole schemas for them. */
    static String digests(Map<String, JsonNode> crds) {
        StringBuilder lines = new StringBuilder("# Generated; `make generate` writes it anew.\n");
        crds.values()
                .forEach(crd -> lines.append(crd.at("/spec/names/plural").asText())
                        .append('=')
                        .append(crd.path("metadata")
                                .path("annotations")
                                .path(CrdStamp.DIGEST)
                                .asText())
                        .append('\n'));
        return lines.toString();
    }

    static String yaml(JsonNode crd) {
        try {
            return "# Generated from the types in crds/src; `make generate` writes it anew.\n"
                    + YAML.writeValueAsString(crd);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Bounds are doubles in the generator; 512 reads better than 512.0. */
    private static void wholeNumbers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (String bound : new String[] {"minimum", "maximum"}) {
                if (object.path(bound).isDouble()) {
                    object.set(bound, LongNode.valueOf(object.get(bound).longValue()));
                }
            }
            object.forEach(GeneratedCrds::wholeNumbers);
        } else if (node instanceof ArrayNode array) {
            array.forEach(GeneratedCrds::wholeNumbers);
        }
    }

    /** 2e-4 without quotes is a string for this library and a number for Kubernetes. */
    private static final class NumbersQuoted extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value) || value.matches("[-+]?[0-9.].*");
        }
    }

    private static final class Nowhere implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return new ByteArrayOutputStream();
        }

        @Override
        public void close() {}
    }
}
