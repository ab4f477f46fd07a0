package dev.safefinetune.operator.plan;

import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a stage may see, read off its task: whatever the task does not name is not mounted.
 *
 * @param claims the user's volume claims, and whether each may be written to
 * @param vectors claims that hold a security vector, read-only
 * @param secrets names of Secrets
 */
record Mounts(SortedMap<String, Boolean> claims, SortedSet<String> vectors, SortedSet<String> secrets) {

    static Mounts of(StageTask task) {
        return switch (task) {
            case StageTask.Prepare t ->
                of(
                        sources(t.model(), t.dataset(), t.cooldown(), t.prompts(), t.utility(), vector(t.vector())),
                        t.output());
            case StageTask.Train t -> of(sources(vector(t.vector())), null);
            case StageTask.Evaluate t -> of(List.of(), null);
            case StageTask.Publish t -> of(List.of(), t.output());
            case StageTask.PrepareVector t -> of(sources(t.model(), t.harmful(), t.heldOut(), t.benign()), t.storage());
            case StageTask.TrainVector t -> of(List.of(), null);
            case StageTask.Assess t -> of(List.of(), null);
            case StageTask.Store t -> of(List.of(), t.storage());
        };
    }

    private static @Nullable Source vector(StageTask.@Nullable Vector vector) {
        return vector == null ? null : vector.source();
    }

    private static List<Source> sources(@Nullable Source... sources) {
        List<Source> present = new ArrayList<>();
        for (Source source : sources) {
            if (source != null) {
                present.add(source);
            }
        }
        return present;
    }

    private static Mounts of(List<Source> sources, @Nullable Target target) {
        TreeMap<String, Boolean> claims = new TreeMap<>();
        under(Layout.VOLUMES, sources.stream().map(Source::path)).forEach(claim -> claims.put(claim, false));
        // The same claim may hold an input and the output: one mount, which then has to be writable.
        under(Layout.VOLUMES, Stream.ofNullable(target).map(Target::path)).forEach(claim -> claims.put(claim, true));
        return new Mounts(
                claims,
                under(Layout.VECTORS, sources.stream().map(Source::path)),
                under(Layout.SECRETS, sources.stream().map(Source::path)));
    }

    private static SortedSet<String> under(String root, Stream<String> paths) {
        return new TreeSet<>(Set.copyOf(paths.filter(path -> path.startsWith(root + "/"))
                .map(path -> path.split("/", 3)[1])
                .toList()));
    }
}
