package canary.contract;

/** A name that says nothing. */
final class PodHelper {
    private PodHelper() {}
}
