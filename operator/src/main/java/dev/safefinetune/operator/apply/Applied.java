package dev.safefinetune.operator.apply;

import dev.safefinetune.api.v1alpha1.Reason;

/** How carrying out a decision went. */
public sealed interface Applied {
    /** All is there. */
    record Done() implements Applied {}

    /**
     * Nothing has been made yet: first it is written down what is to be.
     *
     * @param planned digest of the work of the stage that begins
     */
    record Recorded(String planned) implements Applied {}

    /** The API server, or an object in the way, did not let it be; trying again may help. */
    record Refused(Reason reason, String message) implements Applied {}
}
