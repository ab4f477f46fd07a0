package dev.safefinetune.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
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

    /** Requests of a suite of the platform, as the prepare stage read them; they lie on no volume of the run. */
    public static final String PLATFORM_PROMPTS = "platformPrompts";

    /** Likewise its tasks. */
    public static final String PLATFORM_UTILITY = "platformUtility";

    public static final String HARMFUL = "harmful";
    public static final String HELD_OUT = "heldOut";
    public static final String BENIGN = "benign";
    public static final String VECTOR = "vector";
    public static final String SECURED = "secured";
    public static final String PLAIN = "plain";

    /** The user's adapter, which merged into the base model is {@link #SECURED}; absent after a full fine-tune. */
    public static final String ADAPTER = "adapter";

    /** The base's own answers that a repair may train on; absent where none is wished. */
    public static final String REPAIR_ANSWERS = "repairAnswers";

    /** The model that takes the place of {@link #SECURED} once it has passed after a repair; absent without one. */
    public static final String REPAIRED = "repaired";

    /** Likewise of {@link #ADAPTER}. */
    public static final String REPAIRED_ADAPTER = "repairedAdapter";

    /** Likewise of {@link #TRAINING_RECORD}. */
    public static final String REPAIRED_RECORD = "repairedRecord";

    public static final String TRAINING_RECORD = "trainingRecord";
    public static final String REPORT = "report";
    /** The report of a refused model, where it is kept; absent where it could not be, and for a model that passed. */
    public static final String REFUSAL = "refusal";

    public static final String ASSESSMENT = "assessment";

    /** The base's own answers that a cooldown trains on. */
    public static final String REPLAY = "replay";

    /** Where the user said that things are: a list of names and URIs, for the report and the model card. */
    public static final String SOURCES = "sources";

    /** The model that reads the answers too. */
    public static final String JUDGE = "judge";

    /** The forms of the user's rows, in which the evaluation asks too. */
    public static final String SHAPES = "shapes";

    /** Those that stand out in rows of which the vector explains much; absent without a vector. */
    public static final String DROP_SHAPES = "dropShapes";

    /**
     * The name of one of several artifacts of a kind, such as the requests of the second suite.
     *
     * @param number from 1; the first has the name of the kind
     */
    public static String numbered(String kind, int number) {
        return number == 1 ? kind : kind + number;
    }

    /** How many artifacts of a kind there are. */
    public int count(String kind) {
        int count = 0;
        while (digests.containsKey(numbered(kind, count + 1))) {
            count++;
        }
        return count;
    }

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

    /** Whether a repaired model has taken the place of the trained one. */
    @JsonIgnore
    public boolean isRepaired() {
        return digests.containsKey(REPAIRED);
    }

    /** These and the others; the others win where both name an artifact. */
    public Inputs plus(Inputs others) {
        TreeMap<String, Digest> all = new TreeMap<>(digests);
        all.putAll(others.digests);
        return new Inputs(all);
    }
}
