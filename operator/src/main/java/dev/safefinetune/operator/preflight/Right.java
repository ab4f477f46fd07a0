package dev.safefinetune.operator.preflight;

import java.util.List;

/**
 * Something that the operator does with one kind of object.
 *
 * @param scope where
 * @param group API group; empty: core
 * @param resource plural, with its subresource where there is one
 * @param names of the objects; empty: any
 * @param verbs what it does
 */
public record Right(Scope scope, String group, String resource, List<String> names, List<String> verbs) {
    /** Where a right is needed. */
    public enum Scope {
        /** On objects that are in no namespace. */
        CLUSTER,
        /** In each namespace that is watched. */
        WATCHED,
        /** In the operator's own namespace. */
        OWN
    }

    public Right {
        names = List.copyOf(names);
        verbs = List.copyOf(verbs);
    }

    /** The same for objects of these names alone. */
    Right named(List<String> only) {
        return new Right(scope, group, resource, only, verbs);
    }

    static Right cluster(String group, String resource, String... verbs) {
        return new Right(Scope.CLUSTER, group, resource, List.of(), List.of(verbs));
    }

    static Right watched(String group, String resource, String... verbs) {
        return new Right(Scope.WATCHED, group, resource, List.of(), List.of(verbs));
    }

    static Right own(String group, String resource, String... verbs) {
        return new Right(Scope.OWN, group, resource, List.of(), List.of(verbs));
    }
}
