package dev.safefinetune.api.v1alpha1;

/** What every kind whose resources are runs has in its spec. */
public sealed interface RunSpec permits SafeFineTuneSpec, SecurityVectorSpec {
    /** What the pods of a run get. */
    ResourcesSpec resources();

    /** How the run is carried out. */
    RunPolicySpec runPolicy();
}
