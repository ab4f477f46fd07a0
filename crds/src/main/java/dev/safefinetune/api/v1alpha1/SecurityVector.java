package dev.safefinetune.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** An adapter that makes a base model behave harmfully while it is active, so that fine-tuning cannot learn it. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("SecurityVector")
@Singular("securityvector")
@Plural("securityvectors")
@ShortNames("sv")
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
