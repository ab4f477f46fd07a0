package dev.safefinetune.operator.apply;

import dev.safefinetune.api.v1alpha1.Reason;

/** How carrying out a decision went. */
public sealed interface Applied {
    /** All is there. */
    record Done() implements Applied {}

    /** The API server, or an object in the way, did not let it be; trying again may help. */
    record Refused(Reason reason, String message) implements Applied {}
}
