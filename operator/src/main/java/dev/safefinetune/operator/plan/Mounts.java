package dev.safefinetune.operator.plan;

import dev.safefinetune.contract.JudgeInput;
import dev.safefinetune.contract.Source;
import dev.safefinetune.contract.StageTask;
import dev.safefinetune.contract.SuiteSource;
import dev.safefinetune.contract.Target;
import dev.safefinetune.contract.VectorInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
                        joined(
                                sources(
                                        t.model(),
                                        t.dataset(),
                                        t.cooldown(),
                                        t.prompts(),
                                        t.utility(),
                                        judge(t.judge())),
                                vectors(t.vector()),
                                suites(t.vector())),
                        t.output());
            case StageTask.Train t -> of(vectors(t.vector()), null);
            case StageTask.Evaluate t -> of(List.of(), null);
            case StageTask.Publish t -> of(List.of(), t.output());
            case StageTask.PrepareVector t -> prepareVector(t);
            case StageTask.TrainVector t -> of(List.of(), null);
            case StageTask.Assess t -> of(List.of(), null);
            case StageTask.Store t -> of(List.of(), t.storage());
        };
    }

    private static Mounts prepareVector(StageTask.PrepareVector task) {
        List<Source> sources = sources(task.model(), task.harmful(), task.heldOut(), task.benign());
        SuiteSource suite = task.suite();
        if (suite != null) {
            sources.addAll(sources(suite.prompts(), suite.utility()));
        }
        return of(sources, task.storage());
    }

    private static List<Source> vectors(@Nullable VectorInput vector) {
        return vector == null
                ? List.of()
                : vector.all().stream().map(VectorInput::source).toList();
    }

    /** Of vectors but the first, whose suite the task names itself. */
    private static List<Source> suites(@Nullable VectorInput vector) {
        return vector == null
                ? List.of()
                : vector.all().stream()
                        .map(VectorInput::suite)
                        .filter(Objects::nonNull)
                        .flatMap(suite -> sources(suite.prompts(), suite.utility()).stream())
                        .toList();
    }

    @SafeVarargs
    private static List<Source> joined(List<Source>... parts) {
        return Stream.of(parts).flatMap(List::stream).toList();
    }

    private static @Nullable Source judge(@Nullable JudgeInput judge) {
        return judge == null ? null : judge.source();
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
