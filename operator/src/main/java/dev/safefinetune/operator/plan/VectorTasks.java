package dev.safefinetune.operator.plan;

import dev.safefinetune.api.v1alpha1.HarmfulDatasetSpec;
import dev.safefinetune.api.v1alpha1.SecretKeyRef;
import dev.safefinetune.api.v1alpha1.SecurityVectorSpec;
import dev.safefinetune.api.v1alpha1.SourceSpec;
import dev.safefinetune.api.v1alpha1.SuiteSpec;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.SuiteSource;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a SecurityVector's stages.
 *
 * @param spec what the user wishes
 * @param cuda whether it is trained on CUDA GPUs
 */
public record VectorTasks(SecurityVectorSpec spec, boolean cuda) {

    /** The first stage. */
    public StageTask.PrepareVector prepare() {
        HarmfulDatasetSpec heldOut = spec.heldOutDataset();
        return new StageTask.PrepareVector(
                Layout.SCRATCH,
                Layout.source(spec.baseModel().uri()),
                harmful("spec.harmfulDataset", spec.harmfulDataset()),
                heldOut == null ? null : harmful("spec.heldOutDataset", heldOut),
                Layout.source(spec.benignDataset().uri()),
                suite(),
                ContractSettings.vectorTraining(spec.training(), cuda),
                Layout.target(spec.storage().uri()),
                ContractSettings.readiness(spec.readiness()));
    }

    private @Nullable SuiteSource suite() {
        SuiteSpec suite = spec.evaluation();
        if (suite == null) {
            return null;
        }
        SourceSpec utility = suite.utility();
        return new SuiteSource(
                Layout.source(suite.prompts().uri()), utility == null ? null : Layout.source(utility.uri()));
    }

    /** Training of the vector. */
    public StageTask.TrainVector train(Inputs inputs) {
        return new StageTask.TrainVector(
                Layout.SCRATCH,
                inputs,
                ContractSettings.vectorTraining(spec.training(), cuda),
                ContractSettings.checkpointing(spec.checkpoint()));
    }

    /** The judgement. */
    public StageTask.Assess assess(Inputs inputs) {
        return new StageTask.Assess(
                Layout.SCRATCH,
                inputs,
                ContractSettings.readiness(spec.readiness()),
                spec.training().hyperparameters().seed());
    }

    /** Storing, only to be made after a Passed verdict. */
    public StageTask.Store store(Inputs inputs) {
        return new StageTask.Store(
                Layout.SCRATCH, inputs, Layout.target(spec.storage().uri()));
    }

    private static Source harmful(String field, HarmfulDatasetSpec dataset) {
        SecretKeyRef secret = dataset.secretRef();
        String uri = dataset.uri();
        if ((secret == null) == (uri == null)) {
            throw new IllegalArgumentException(field + " must have exactly one of uri and secretRef");
        }
        return secret == null ? Layout.source(String.valueOf(uri)) : Layout.secret(secret.name(), secret.key());
    }
}
