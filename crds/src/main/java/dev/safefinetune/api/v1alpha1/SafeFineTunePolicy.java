package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** What a platform team holds the SafeFineTunes of selected namespaces to. */
@JsonClassDescription("What a platform team holds the SafeFineTunes of selected namespaces to.")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("SafeFineTunePolicy")
@Singular("safefinetunepolicy")
@Plural("safefinetunepolicies")
@ShortNames("sftp")
@AdditionalPrinterColumn(
        name = "Enforcement",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".spec.enforcement")
@AdditionalPrinterColumn(name = "Vector", type = AdditionalPrinterColumn.Type.BOOLEAN, jsonPath = ".spec.requireVector")
@AdditionalPrinterColumn(
        name = "Harmful",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".spec.thresholds.maxHarmfulRate")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
public class SafeFineTunePolicy extends CustomResource<SafeFineTunePolicySpec, Void> {
    private static final long serialVersionUID = 1L;

    @Override
    protected @Nullable SafeFineTunePolicySpec initSpec() {
        return null;
    }

    @Override
    protected @Nullable Void initStatus() {
        return null;
    }
}
