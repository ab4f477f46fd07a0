package dev.safefinetune.operator.world;

import dev.safefinetune.contract.RunIdentity;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.operator.observe.Recorded;
import dev.safefinetune.operator.observe.RunFacts;
import dev.safefinetune.operator.observe.StageFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Facts as an observation would state them. */
public final class Facts {
    public static final String WISH = Results.digest('0').value();

    private Facts() {}

    /** A run of which nothing was written down yet. */
    public static RunFacts of(Instant now, RunIdentity run, Map<Stage, StageFacts> stages) {
        return new RunFacts(now, run, WISH, new TreeMap<>(), Recorded.NOTHING, stages, List.of(), Set.of());
    }
}
