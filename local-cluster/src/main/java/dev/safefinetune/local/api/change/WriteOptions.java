package dev.safefinetune.local.api.change;

/**
 * How a write was asked for.
 *
 * @param fieldManager who writes, as in {@code managedFields}
 * @param validation what unknown fields lead to
 * @param dryRun answer as if, store nothing
 * @param force take over fields that another manager applied
 */
public record WriteOptions(String fieldManager, FieldValidation validation, boolean dryRun, boolean force) {

    /** What happens to fields that the schema does not know. */
    public enum FieldValidation {
        /** Pruned silently. */
        IGNORE,
        /** Pruned, with a warning header. */
        WARN,
        /** Refused. */
        STRICT
    }

    /** Options of the cluster's own writes. */
    public static WriteOptions own() {
        return new WriteOptions("local-cluster", FieldValidation.IGNORE, false, true);
    }
}
