package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.VectorInput;
import dev.safefinetune.trainer.train.SampleDrop;
import dev.safefinetune.trainer.train.TokenMask;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies beside checkpoints and vectors, from this release and from earlier ones. */
class MeasuredDataTest {
    @Test
    void whatIsKeptIsReadBack() {
        MeasuredData kept = new MeasuredData(
                List.of(new SampleDrop(3, 2.5, 0.25, 4)), List.of(), List.of(new TokenMask(3, List.of(1, 2))));

        String json = ContractJson.write(kept);

        assertThat(ContractJson.read(json, MeasuredData.class)).isEqualTo(kept);
        assertThat(json).contains("\"marks\":[{\"telling\":3,\"spans\":[1,2]}]");
    }

    @Test
    void whatAnEarlierReleaseKeptHasNoMarks() {
        MeasuredData old = ContractJson.read(
                "{\"drops\":[{\"index\":3,\"lossOff\":2.5,\"lossOn\":0.25,\"answerTokens\":4}],\"trusted\":[]}",
                MeasuredData.class);

        assertThat(old.drops()).containsExactly(new SampleDrop(3, 2.5, 0.25, 4));
        assertThat(old.marks()).isNull();
    }

    @Test
    void theJudgementAndTheJobSpecOfAnEarlierReleaseHaveNoTokenGate() {
        String digest = "sha256:" + "4".repeat(64);
        Readiness readiness = ContractJson.read(
                "{\"of\":\"Readiness\",\"verdict\":\"Passed\",\"findings\":[],\"gateDrop\":0.66,\"gateShare\":0.5,"
                        + "\"categories\":{\"a\":{\"explained\":1.0,\"firstTokenCompliance\":1.0,\"gradientRatio\":0.1,\"n\":36}},"
                        + "\"benignIncrease\":0.0,\"randomExplained\":0.0}",
                Readiness.class);
        VectorInput vector = ContractJson.read(
                "{\"source\":{\"uri\":\"pvc://v/sv\",\"path\":\"volumes/v/sv\"},\"digest\":\"" + digest
                        + "\",\"baseDigest\":\"" + digest + "\",\"gateDrop\":0.7,\"gateShare\":0.5}",
                VectorInput.class);

        assertThat(readiness.tokenGate()).isNull();
        assertThat(vector.tokenGate()).isNull();
    }
}
