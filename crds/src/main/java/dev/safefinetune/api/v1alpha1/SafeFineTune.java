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

/** A fine-tuning run that is kept safe by a security vector and judged before it is published. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Kind("SafeFineTune")
@Singular("safefinetune")
@Plural("safefinetunes")
@ShortNames("sft")
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
