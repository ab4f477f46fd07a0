package dev.safefinetune.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists a page at a time, so that memory goes with what is kept of the objects and not with how many there are. */
final class Pages {
    private static final long SIZE = 50;

    private Pages() {}

    /**
     * What is kept of each object.
     *
     * @param list asks the API server for a page
     * @param keep what is wanted of an object; none where it does not count
     */
    static <R extends HasMetadata, T> List<T> read(
            Function<ListOptions, ? extends KubernetesResourceList<R>> list, Function<R, Optional<T>> keep) {
        List<T> kept = new ArrayList<>();
        String next = null;
        do {
            KubernetesResourceList<R> page = list.apply(options(next));
            page.getItems().forEach(object -> keep.apply(object).ifPresent(kept::add));
            next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return kept;
    }

    private static ListOptions options(@Nullable String next) {
        return new ListOptionsBuilder().withLimit(SIZE).withContinue(next).build();
    }
}
