package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Digests of artifacts on the scratch volume by name, as earlier stages stated them and the operator wrote them down. A
 * stage that finds anything else there does not go on: what was judged is what gets published.
 */
public record Inputs(@JsonValue SortedMap<String, Digest> digests) {
    public static final String MODEL = "model";
    public static final String DATASET = "dataset";
    public static final String VALIDATION = "validation";
    public static final String COOLDOWN = "cooldown";
    public static final String PROMPTS = "prompts";
    public static final String UTILITY = "utility";
    public static final String HARMFUL = "harmful";
    public static final String HELD_OUT = "heldOut";
    public static final String BENIGN = "benign";
    public static final String VECTOR = "vector";
    public static final String SECURED = "secured";
    public static final String PLAIN = "plain";
    public static final String TRAINING_RECORD = "trainingRecord";
    public static final String REPORT = "report";
    public static final String ASSESSMENT = "assessment";

    /** Where the user said that things are: a list of names and URIs, for the report and the model card. */
    public static final String SOURCES = "sources";

    @JsonCreator
    public Inputs {
        digests = Collections.unmodifiableSortedMap(new TreeMap<>(Require.present("inputs", digests)));
    }

    public static Inputs of(Map<String, Digest> digests) {
        return new Inputs(new TreeMap<>(digests));
    }

    /** The digest of an artifact that must be there. */
    public Digest get(String artifact) {
        return Require.present("inputs." + artifact, digests.get(artifact));
    }

    /** These and the others; the others win where both name an artifact. */
    public Inputs plus(Inputs others) {
        TreeMap<String, Digest> all = new TreeMap<>(digests);
        all.putAll(others.digests);
        return new Inputs(all);
    }
}
