package dev.safefinetune.trainer.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.model.LowRank;
import dev.safefinetune.trainer.publish.MergedModelWriter;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes each parity fixture's model as it would be published, merged and as an adapter, with the logits that the engine
 * computes with what it wrote. {@code scripts/check-families} loads them with transformers and PEFT.
 */
public final class FamilyExport {
    private FamilyExport() {}

    public static void main(String[] arguments) throws IOException {
        for (String name : ParityCase.all().toList()) {
            ParityCase fixture = ParityCase.open(name);
            Path directory = Path.of(arguments[0]).resolve(name);
            Path merged = Files.createDirectories(directory.resolve("merged"));
            Path attached = Files.createDirectories(directory.resolve("adapter"));
            ObjectNode ours = new ObjectMapper().createObjectNode();
            List<EncodedSample> samples = fixture.batch(0);
            try (CausalModel model = CausalModel.load(fixture.checkpoint());
                    Adapter adapter = Adapter.read(model, fixture.adapter())) {
                MergedModelWriter.write(fixture.checkpoint(), model, adapter, merged);
                adapter.write(attached, fixture.checkpoint().toAbsolutePath().toString());
                write(ours.putArray("adapter"), model, List.of(adapter), samples);
            }
            try (CausalModel reloaded = CausalModel.load(merged)) {
                write(ours.putArray("merged"), reloaded, List.of(), samples);
            }
            Files.writeString(directory.resolve("ours.json"), ours.toString());
        }
    }

    /** Tokens of each sample, and logits after each of them. */
    private static void write(ArrayNode to, CausalModel model, List<LowRank> adapters, List<EncodedSample> samples) {
        for (EncodedSample sample : samples) {
            ObjectNode row = to.addObject();
            ArrayNode tokens = row.putArray("tokens");
            for (int token : sample.tokens()) {
                tokens.add(token);
            }
            ArrayNode logits = row.putArray("logits");
            for (float logit : Parity.logits(model, adapters, sample)) {
                logits.add(logit);
            }
        }
    }
}
