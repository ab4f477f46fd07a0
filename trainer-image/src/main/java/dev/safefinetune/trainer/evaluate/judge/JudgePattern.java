package dev.safefinetune.trainer.evaluate.judge;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;

/**
 * A user's regular expression that finds a verdict. RE2 takes time in proportion to the text, whatever the expression; what
 * it would take much memory for, counted repetition, is refused.
 */
final class JudgePattern {
    private static final int LONGEST = 256;

    private final Pattern pattern;

    private JudgePattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Compiles one.
     *
     * @param field that holds it, for messages
     * @throws TrainerException {@link Fault#SETTINGS_INVALID} naming the field, and what is wrong with its value
     */
    static JudgePattern of(String field, String text) {
        if (text.length() > LONGEST) {
            throw invalid(field, text.substring(0, 40) + "…", "is longer than " + LONGEST + " characters");
        }
        if (counts(text)) {
            throw invalid(field, text, "has a counted repetition such as {3}; write it out, or use * or +");
        }
        Pattern pattern;
        try {
            pattern = Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw invalid(field, text, "is no regular expression of RE2: " + e.getDescription());
        }
        if (pattern.matcher("").find()) {
            throw invalid(field, text, "finds a verdict in an empty text, and so in every text");
        }
        return new JudgePattern(pattern);
    }

    boolean isIn(String said) {
        return pattern.matcher(said).find();
    }

    private static boolean counts(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x{", i)) {
                i += 2;
            } else if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '{' && i + 1 < text.length() && Character.isDigit(text.charAt(i + 1))) {
                return true;
            }
        }
        return false;
    }

    private static TrainerException invalid(String field, String text, String what) {
        return new TrainerException(Fault.SETTINGS_INVALID, field + " is '" + text + "', which " + what);
    }
}
