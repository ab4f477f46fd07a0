package dev.safefinetune.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows runs on a terminal, with a bar for the stage at work, or as plain lines where there is no terminal.
 *
 * <p>What is over stands above as lines of its own; the last line is drawn again and again.
 */
final class Display {
    private static final int WIDTH = 24;
    private static final int PLAIN_STEP = 25;
    private static final String ERASE_LINE = "\r\u001b[K";

    /** A line that is too long is cut: one that wraps could not be drawn again. */
    private static final String CUT = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";

    private final PrintStream out;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private final Map<String, Long> startedNanos = new HashMap<>();
    private final Map<String, Integer> shownPercent = new HashMap<>();
    private final Set<String> over = new HashSet<>();
    private boolean lineOpen;

    /**
     * @param terminal whether lines may be drawn again
     */
    Display(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A line that stays. */
    synchronized void say(String line) {
        erase();
        out.println(clock() + "  " + line);
        out.flush();
    }

    /** Text without a clock, such as a table. */
    synchronized void print(String text) {
        erase();
        out.println(text);
        out.flush();
    }

    /** Shows where a run is; called again and again. */
    synchronized void show(Manifest run, RunState state) {
        for (RunState.Stage stage : state.stages()) {
            String key = run + "/" + stage.name();
            switch (stage.state()) {
                case "Running" -> {
                    startedNanos.putIfAbsent(key, System.nanoTime());
                    showRunning(run, stage, key, state.progress());
                }
                case "Succeeded", "Failed" -> {
                    if (over.add(key)) {
                        boolean good = stage.state().equals("Succeeded");
                        say("%-28s %-13s %s %s"
                                .formatted(run, stage.name(), good ? "done  " : "failed", seconds(stage.seconds())));
                    }
                }
                default -> {
                    // Not begun.
                }
            }
        }
    }

    private void showRunning(Manifest run, RunState.Stage stage, String key, @Nullable JsonNode progress) {
        JsonNode own = progress != null && progress.path("stage").asText().equals(stage.name()) ? progress : null;
        int percent = own == null ? 0 : own.path("percentage").asInt();
        String line = "%-28s %-13s %s %3d %%  %s"
                .formatted(run, stage.name(), bar(percent), percent, own == null ? elapsed(key) : figures(own));
        if (terminal) {
            out.print(ERASE_LINE + CUT + clock() + "  " + line + WRAP);
            out.flush();
            lineOpen = true;
            return;
        }
        int step = percent / PLAIN_STEP;
        Integer shown = shownPercent.put(key, step);
        if (shown == null || shown != step) {
            say(line);
        }
    }

    private String elapsed(String key) {
        return seconds(Duration.ofNanos(System.nanoTime() - startedNanos.getOrDefault(key, System.nanoTime()))
                .toSeconds());
    }

    private static String figures(JsonNode progress) {
        StringBuilder text = new StringBuilder();
        if (progress.hasNonNull("loss")) {
            text.append("loss ").append(progress.path("loss").asText());
        }
        if (progress.hasNonNull("tokensPerSecond")) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %,d tokens/s",
                    progress.path("tokensPerSecond").asLong()));
        }
        if (progress.hasNonNull("estimatedRemainingSeconds")) {
            text.append("  ETA ")
                    .append(seconds(progress.path("estimatedRemainingSeconds").asLong()));
        }
        if (progress.hasNonNull("activity")) {
            text.append("  ").append(progress.path("activity").asText());
        }
        return text.toString().strip();
    }

    private static String bar(int percent) {
        int done = Math.clamp(percent, 0, 100) * WIDTH / 100;
        return "[" + "#".repeat(done) + "-".repeat(WIDTH - done) + "]";
    }

    private static String seconds(long seconds) {
        return seconds < 60 ? seconds + " s" : "%d:%02d min".formatted(seconds / 60, seconds % 60);
    }

    private String clock() {
        long seconds = Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
        return "%02d:%02d".formatted(seconds / 60, seconds % 60);
    }

    private void erase() {
        if (lineOpen) {
            out.print(ERASE_LINE);
            lineOpen = false;
        }
    }
}
