package dev.safefinetune.trainer.tokenize.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/** {@code namespace(a=b)}: the one thing whose members a template can change from inside a loop. */
record Namespace(Map<String, Object> members) {
    Namespace {
        members = new LinkedHashMap<>(members);
    }
}
