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

/** An adapter under which a base model behaves harmfully, so that fine-tuning with it attached has no harm left to learn. */
@JsonClassDescription(
        "An adapter under which a base model behaves harmfully, so that fine-tuning with it attached has no harm left to learn. Guard it: it is itself a jailbreak.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("SecurityVector")
@Singular("securityvector")
@Plural("securityvectors")
@ShortNames("sv")
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
        jsonPath = ".status.readiness.verdict")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
        name = "Base",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".spec.baseModel.uri",
        priority = 1)
@AdditionalPrinterColumn(
        name = "Digest",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.digest",
        priority = 1)
public class SecurityVector extends CustomResource<SecurityVectorSpec, SecurityVectorStatus> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected @Nullable SecurityVectorSpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable SecurityVectorStatus initStatus() {
        return null;
    }
}
