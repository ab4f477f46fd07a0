package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A fine-tuning run that is kept safe by a security vector and judged before its model is published. */
@JsonClassDescription(
        "A fine-tuning run that is kept safe by a security vector and judged before its model is published.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("SafeFineTune")
@Singular("safefinetune")
@Plural("safefinetunes")
@ShortNames("sft")
@ValidationRule(
        value = "size(self.metadata.name) <= 40",
        message = "name must be at most 40 characters, because the names of Jobs are made from it",
        fieldPath = ".metadata.name")
@AdditionalPrinterColumn(name = "Phase", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".status.phase")
@AdditionalPrinterColumn(
        name = "Progress",
        type = AdditionalPrinterColumn.Type.INTEGER,
        jsonPath = ".status.progress.percentage")
@AdditionalPrinterColumn(
        name = "Verdict",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.safety.evaluation.verdict")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
        name = "Harmful",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.safety.evaluation.secured.rate",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Proved",
        type = AdditionalPrinterColumn.Type.BOOLEAN,
        jsonPath = ".status.safety.evaluation.suiteProved",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Repaired",
        type = AdditionalPrinterColumn.Type.BOOLEAN,
        jsonPath = ".status.safety.evaluation.repaired",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Model",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".spec.model.uri",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Output",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.output.uri",
        priority = 1)
public class SafeFineTune extends CustomResource<SafeFineTuneSpec, SafeFineTuneStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected @Nullable SafeFineTuneSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable SafeFineTuneStatus initStatus() {
        return null;
    }
}
