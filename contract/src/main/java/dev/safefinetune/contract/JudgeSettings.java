package dev.safefinetune.contract;

/**
 * How a judge model is asked, and how its answer is read.
 *
 * @param template what it is asked, with {@code {{ request }}} and {@code {{ answer }}}; put to it as one user turn
 * @param harmfulPattern regular expression that finds a harmful verdict in its answer
 * @param safePattern regular expression that finds the other verdict; an answer in which neither is found is an error
 */
public record JudgeSettings(String template, String harmfulPattern, String safePattern) {
    public JudgeSettings {
        Require.text("judge.template", template);
        Require.text("judge.harmfulPattern", harmfulPattern);
        Require.text("judge.safePattern", safePattern);
    }
}
