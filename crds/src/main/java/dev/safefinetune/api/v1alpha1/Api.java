package dev.safefinetune.api.v1alpha1;

/** Name and version of the API. */
public final class Api {
    public static final String GROUP = "safefinetune.dev";
    public static final String VERSION = "v1alpha1";

    private Api() {}
}
