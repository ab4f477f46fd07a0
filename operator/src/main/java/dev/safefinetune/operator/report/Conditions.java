package dev.safefinetune.operator.report;

import dev.safefinetune.api.v1alpha1.ConditionStatus;
import dev.safefinetune.api.v1alpha1.ConditionType;
import dev.safefinetune.api.v1alpha1.Reason;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The conditions of a status in the making. A condition whose status stays keeps the time at which it became so. */
final class Conditions {
    /** Longest message of a condition; Kubernetes' own types allow 32,768. */
    private static final int MAX_MESSAGE = 2000;

    private final Map<ConditionType, ConditionStatus> conditions = new EnumMap<>(ConditionType.class);
    private final Map<ConditionType, ConditionStatus> before = new EnumMap<>(ConditionType.class);
    private final long generation;
    private final Instant now;

    Conditions(@Nullable List<ConditionStatus> before, long generation, Instant now) {
        this.generation = generation;
        this.now = now;
        for (ConditionStatus condition : before == null ? List.<ConditionStatus>of() : before) {
            for (ConditionType type : ConditionType.values()) {
                if (type.text().equals(condition.type())) {
                    this.before.put(type, condition);
                }
            }
        }
    }

    Conditions yes(ConditionType type, Reason reason, String message) {
        return set(type, "True", reason, message);
    }

    Conditions no(ConditionType type, Reason reason, String message) {
        return set(type, "False", reason, message);
    }

    Conditions unknown(ConditionType type, Reason reason, String message) {
        return set(type, "Unknown", reason, message);
    }

    /**
     * Keeps what was said of the type before; where nothing was, it is not decided yet. Only for what was said of the same
     * run: its spec may have changed since, in what does not make it another one, and what was decided holds for that too.
     */
    Conditions keep(ConditionType type) {
        ConditionStatus old = before.get(type);
        if (old == null) {
            return unknown(type, Reason.NOT_STARTED, "");
        }
        conditions.put(
                type,
                new ConditionStatus(
                        old.type(), old.status(), generation, old.reason(), old.message(), old.lastTransitionTime()));
        return this;
    }

    List<ConditionStatus> list() {
        return List.copyOf(conditions.values());
    }

    private Conditions set(ConditionType type, String status, Reason reason, String message) {
        ConditionStatus old = before.get(type);
        Instant since = old != null && old.status().equals(status) && old.lastTransitionTime() != null
                ? old.lastTransitionTime()
                : now;
        String shown = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
        conditions.put(type, new ConditionStatus(type.text(), status, generation, reason.text(), shown, since));
        return this;
    }
}
