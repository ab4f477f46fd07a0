package dev.safefinetune.api.v1alpha1;

import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** What a platform team holds the SafeFineTunes of selected namespaces to. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("SafeFineTunePolicy")
@Singular("safefinetunepolicy")
@Plural("safefinetunepolicies")
@ShortNames("sftp")
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
