package dev.safefinetune.trainer.pipeline;

import static dev.safefinetune.trainer.pipeline.SmallWorld.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.PublishedContent;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.trainer.store.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes that are exchanged on their way from the judgement to the output are not published. */
class PublishedBytesTest extends JudgedModel {
    /** Whoever may mount the output's claim reaches the hidden directory, in which the model lies until it is whole. */
    @ParameterizedTest
    @EnumSource(PublishedContent.class)
    void bytesThatAreExchangedAfterTheyWereCheckedAreNotPublished(PublishedContent content) throws IOException {
        Path out = root.resolve("volumes/out");
        onlooker = line -> {
            if (line.contains(" checked ")) {
                spoilWeights(out.resolve(line.replaceFirst(".*directory=", "")));
            }
        };
        StageResult result;
        try {
            result = failed(RUN, publish(content, "swapped"), Fault.PUBLISH_CHECK_FAILED);
        } finally {
            onlooker = line -> {};
        }
        assertThat(result.message())
                .contains(publish(content, "swapped").judged().value());
        assertThat(out.resolve("swapped")).doesNotExist();
        assertThat(hidden(out)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(PublishedContent.class)
    void bytesThatAreExchangedBetweenEvaluateAndPublishAreNotPublished(PublishedContent content) throws IOException {
        Path trained =
                root.resolve("scratch/trained").resolve(content == PublishedContent.MERGED ? "secured" : "adapter");
        byte[] flipped = spoilWeights(trained);
        failed(RUN, publish(content, "no"), Fault.ARTIFACT_CHANGED);
        Files.write(weights(trained), flipped);
        assertThat(root.resolve("volumes/out/no")).doesNotExist();
    }

    /** Whoever exchanges it before its digest is taken gets no other adapter published than the one that was judged. */
    @Test
    void anAdapterThatWasNeverJudgedIsNotPublished() throws IOException {
        Path adapter = root.resolve("scratch/trained/adapter");
        byte[] before = spoilWeights(adapter);
        Path record = root.resolve("scratch/trained/record.json");
        String recorded = Files.readString(record);
        Digest forged = ModelDirectory.digest(adapter);
        Files.writeString(record, recorded.replace(made.get(Inputs.ADAPTER).value(), forged.value()));
        StageTask.Publish task = publish(PublishedContent.ADAPTER, "no", record);
        task = new StageTask.Publish(
                task.scratch(),
                task.inputs().plus(Inputs.of(Map.of(Inputs.ADAPTER, forged))),
                task.content(),
                task.output());
        StageResult result = failed(RUN, task, Fault.PUBLISH_CHECK_FAILED);
        assertThat(result.message()).contains("the adapter on its base is not the model that was judged");
        Files.write(weights(adapter), before);
        Files.writeString(record, recorded);
        assertThat(root.resolve("volumes/out/no")).doesNotExist();
        done(RUN, publish(PublishedContent.ADAPTER, "adapter"));
    }
}
