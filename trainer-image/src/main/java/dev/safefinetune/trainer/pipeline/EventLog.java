package dev.safefinetune.trainer.pipeline;

import java.io.PrintStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * What happened, one line each: the time, the event, and key=value pairs. Never a sample, a prompt, a token or a secret:
 * values are numbers, names and digests.
 */
public final class EventLog {
    private final PrintStream out;
    private final Clock clock;

    public EventLog(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /**
     * Writes a line.
     *
     * @param event what happened, in a few words
     * @param pairs key, value, key, value, …
     */
    public void event(String event, Object... pairs) {
        StringBuilder line = new StringBuilder()
                .append(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .append(' ')
                .append(event);
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            line.append(' ').append(pairs[i]).append('=').append(value(pairs[i + 1]));
        }
        out.println(line);
    }

    private static String value(Object value) {
        String text = value instanceof Double d ? String.format(Locale.ROOT, "%.4g", d) : String.valueOf(value);
        return text.contains(" ") ? '"' + text.replace('"', '\'') + '"' : text;
    }
}
