package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why something ended, for people.
 *
 * @param fault what kind of fault
 * @param message a sentence; of an unforeseen exception only its kind and place, because its text may quote a sample
 * @param cause what was thrown
 */
public record Failure(Fault fault, String message, Throwable cause) {
    /** What a throwable means. */
    public static Failure of(Throwable e) {
        if (e instanceof TrainerException t) {
            return new Failure(t.fault(), String.valueOf(t.getMessage()), e);
        }
        if (isOutOfMemory(e)) {
            return new Failure(
                    Fault.OUT_OF_MEMORY,
                    "memory ran out; give the pod more, or lower microBatchTokens or maxSequenceLength",
                    e);
        }
        Optional<String> missing = missing(e);
        if (missing.isPresent()) {
            return new Failure(Fault.INTERNAL, "a part of the trainer cannot be loaded: " + missing.get(), e);
        }
        StackTraceElement[] trace = e.getStackTrace();
        String place = trace.length == 0 ? "" : " at " + trace[0].getClassName() + "." + trace[0].getMethodName();
        return new Failure(Fault.INTERNAL, e.getClass().getSimpleName() + place, e);
    }

    /** What a class or library that cannot be loaded says of itself; names of files and classes, nothing that was read. */
    private static Optional<String> missing(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .filter(LinkageError.class::isInstance)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .reduce((outer, inner) -> inner);
    }

    private static boolean isOutOfMemory(Throwable e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return e instanceof OutOfMemoryError
                || text.contains("out of memory")
                || text.contains("not enough memory")
                || text.contains("can't allocate memory");
    }

    /** The places of an unforeseen exception, without its text. */
    void trace(EventLog log) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            String places = Arrays.stream(t.getStackTrace())
                    .limit(12)
                    .map(f -> f.getClassName().replaceAll(".*\\.", "") + ":" + f.getLineNumber())
                    .collect(Collectors.joining(","));
            log.event("unforeseen", "type", t.getClass().getName(), "places", places);
        }
    }
}
