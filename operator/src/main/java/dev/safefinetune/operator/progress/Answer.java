package dev.safefinetune.operator.progress;

import org.jspecify.annotations.Nullable;

/** The answer to a call; a body goes with a success, and with a refusal that says why. */
record Answer(int status, @Nullable String body) {
    static final Answer NOT_THE_PODS = new Answer(401, null);
    static final Answer NOT_YET = new Answer(409, null);
    static final Answer NOBODY_SIGNS = new Answer(404, null);
}
