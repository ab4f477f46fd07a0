package dev.safefinetune.operator.log;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.MDC;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A line of the log. Its keys go by way of the diagnostic context (MDC): there the JSON format makes fields of them, where
 * slf4j's own key-values would only become a part of the message.
 *
 * <p>A line about an object has its {@code namespace}, {@code kind} and {@code name}, and {@code generation}, {@code run} and
 * {@code reason} where there is one, whatever else it tells.
 */
public final class LogLine {
    private LoggingEventBuilder line;
    private final Map<String, String> keys = new LinkedHashMap<>();

    private LogLine(LoggingEventBuilder line) {
        this.line = line;
    }

    public static LogLine at(Level level, Logger logger) {
        return new LogLine(logger.atLevel(level));
    }

    public static LogLine info(Logger logger) {
        return at(Level.INFO, logger);
    }

    public static LogLine warn(Logger logger) {
        return at(Level.WARN, logger);
    }

    public static LogLine error(Logger logger) {
        return at(Level.ERROR, logger);
    }

    /** One more key. */
    public LogLine with(String key, @Nullable Object value) {
        keys.put(key, String.valueOf(value));
        return this;
    }

    /** What was thrown. */
    public LogLine because(Throwable cause) {
        line = line.setCause(cause);
        return this;
    }

    /** Writes the line; the context is afterwards as it was. */
    public void say(String message) {
        Map<String, @Nullable String> before = new LinkedHashMap<>();
        keys.forEach((key, value) -> {
            before.put(key, MDC.get(key));
            MDC.put(key, value);
        });
        try {
            line.log(message);
        } finally {
            before.forEach((key, value) -> {
                if (value == null) {
                    MDC.remove(key);
                } else {
                    MDC.put(key, value);
                }
            });
        }
    }
}
