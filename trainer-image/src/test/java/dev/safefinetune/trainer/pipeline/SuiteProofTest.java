package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.StageFigures.Readiness;
import dev.safefinetune.contract.TokenGate;
import dev.safefinetune.contract.Verdict;
import dev.safefinetune.trainer.adapter.Adapter;
import dev.safefinetune.trainer.data.Dataset;
import dev.safefinetune.trainer.data.DatasetReader;
import dev.safefinetune.trainer.evaluate.SuiteTrial;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SuiteProofTest {
    private static final Path QUICKSTART = Path.of("..", "examples", "quickstart");
    private static final Path BASE = QUICKSTART.resolve("models/base");
    private static final Dataset PROMPTS = few(DatasetReader.read(QUICKSTART.resolve("data/suite/prompts.jsonl")), 24);
    private static final Dataset UTILITY = DatasetReader.read(QUICKSTART.resolve("data/suite/utility.jsonl"));

    @Test
    void whatIsProvedIsListedByItsDigests() {
        SuiteProof proof = SuiteProof.of(PROMPTS, UTILITY);

        Readiness judged = proof.added(passed(), new SuiteTrial.Proved(0.95, 0.925));

        assertThat(judged.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(judged.tokenGate()).isEqualTo(passed().tokenGate());
        assertThat(judged.provenSuites()).singleElement().satisfies(suite -> {
            assertThat(suite.prompts()).isEqualTo(proof.prompts());
            assertThat(suite.utility()).isEqualTo(proof.utility());
            assertThat(suite.refused()).isEqualTo(0.95);
            assertThat(suite.complied()).isEqualTo(0.925);
            assertThat(suite.n()).isEqualTo(24);
        });
    }

    @Test
    void whatIsNotProvedFailsTheVectorAndIsToldFirst() {
        Readiness other = new Readiness(
                Verdict.FAILED,
                List.of("explains too little"),
                0.7,
                0.5,
                null,
                null,
                new TreeMap<>(),
                0,
                0,
                List.of(),
                null);

        Readiness judged = SuiteProof.of(PROMPTS, null).added(other, new SuiteTrial.NotProved("blind"));

        assertThat(judged.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(judged.findings()).containsExactly("blind", "explains too little");
        assertThat(judged.provenSuites()).isEmpty();
        assertThat(SuiteProof.of(PROMPTS, null)
                        .added(passed(), new SuiteTrial.NotProved("blind"))
                        .verdict())
                .isEqualTo(Verdict.FAILED);
    }

    @Test
    void aVectorThatFailedProvesNoSuite() {
        Readiness failed = new Readiness(
                Verdict.FAILED,
                List.of("explains too little"),
                0.7,
                0.5,
                null,
                null,
                new TreeMap<>(),
                0,
                0,
                List.of(),
                null);

        assertThat(SuiteProof.of(PROMPTS, null)
                        .added(failed, new SuiteTrial.Proved(1, 1))
                        .provenSuites())
                .isEmpty();
    }

    /** What a vector covers is added to its judgement, and nothing of it is lost. */
    @Test
    void coverageLeavesTheRestOfAJudgementAlone() {
        Readiness covered = Covered.told(passed(), UTILITY);

        assertThat(covered.tokenGate()).isEqualTo(passed().tokenGate());
        assertThat(covered.verdict()).isEqualTo(Verdict.PASSED);
    }

    /** A vector that changes nothing leaves the base refusing: no suite may take that for a model that complies. */
    @Test
    void aVectorThatDoesNothingProvesNothing() {
        try (CausalModel model = CausalModel.load(BASE);
                ChatTokenizer tokenizer = ChatTokenizer.open(BASE);
                Adapter nothing = Adapter.create(model, SmallWorld.LORA, 1)) {
            Readiness judged = SuiteProof.of(PROMPTS, UTILITY).added(passed(), model, tokenizer, nothing);

            assertThat(judged.verdict()).isEqualTo(Verdict.FAILED);
            assertThat(judged.findings())
                    .singleElement()
                    .asString()
                    .contains("does not see a model that complies", "0.000 of its 24 requests");
        }
    }

    private static Readiness passed() {
        return new Readiness(
                Verdict.PASSED,
                List.of(),
                0.7,
                0.5,
                null,
                null,
                new TreeMap<>(java.util.Map.of("hexes", new Readiness.Category(1, 1, 0, 40, 40))),
                0,
                0,
                List.of(),
                TokenGate.crossed("no tokens"));
    }

    private static Dataset few(Dataset all, int count) {
        return new Dataset(all.name(), all.samples().subList(0, count));
    }
}
