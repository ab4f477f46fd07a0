package dev.safefinetune.operator.plan;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which labels and annotations of a resource its Jobs and pods get. An entry is a whole key, or a prefix with its slash that
 * stands for all keys of that prefix.
 *
 * @param labels entries for labels
 * @param annotations entries for annotations
 */
public record CopiedKeys(List<String> labels, List<String> annotations) {
    /**
     * Kueue reads its queue and the workload's priority from these labels of a Job. They are copied whatever the
     * installation says.
     */
    static final Set<String> ALWAYS = Set.of("kueue.x-k8s.io/queue-name", "kueue.x-k8s.io/priority-class");

    private static final Pattern ENTRY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    public CopiedKeys {
        labels = List.copyOf(labels);
        annotations = List.copyOf(annotations);
        labels.forEach(entry -> check("labels", entry));
        annotations.forEach(entry -> check("annotations", entry));
    }

    private static void check(String of, String entry) {
        if (entry.isEmpty() || !ENTRY.matcher(entry).matches()) {
            throw new IllegalArgumentException("an entry of the copied " + of
                    + " must be a key, such as team, or a prefix with its slash, such as acme.example/, was '" + entry
                    + "'");
        }
        NeverCopied.reason(entry).ifPresent(reason -> {
            throw new IllegalArgumentException("an entry of the copied " + of
                    + " must match no key that is never copied, was " + entry + ": " + reason);
        });
    }

    /** What is copied of a resource's metadata. */
    public Copied of(@Nullable Map<String, String> itsLabels, @Nullable Map<String, String> itsAnnotations) {
        Map<String, String> chosen = chosen(labels, itsLabels);
        for (String key : ALWAYS) {
            String value = itsLabels == null ? null : itsLabels.get(key);
            if (value != null) {
                chosen.put(key, value);
            }
        }
        return new Copied(chosen, chosen(annotations, itsAnnotations));
    }

    private static Map<String, String> chosen(List<String> entries, @Nullable Map<String, String> present) {
        Map<String, String> chosen = new TreeMap<>();
        Objects.requireNonNullElse(present, Map.<String, String>of()).forEach((key, value) -> {
            // The second check holds even where an entry was let in that it should not have been.
            if (entries.stream().anyMatch(entry -> matches(entry, key))
                    && NeverCopied.reason(key).isEmpty()) {
                chosen.put(key, value);
            }
        });
        return chosen;
    }

    private static boolean matches(String entry, String key) {
        return entry.endsWith("/") ? key.startsWith(entry) : key.equals(entry);
    }
}
