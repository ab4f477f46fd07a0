package dev.safefinetune.trainer.tokenize.trial;

import java.util.ArrayList;
import java.util.List;

/** Some kilobytes of what datasets hold: words, numbers, code, white space, scripts, emoji, and runs of one character. */
final class TrialTexts {
    private static final List<String> KINDS = List.of(
            "The quick brown fox jumps over the lazy dog, isn't it? ",
            "for (int i = 0; i < 10; i++) { x[i] += 3.14e-7; }\n\t",
            "0123456789 1,000,000.00 2026-12-01 ",
            "Füße, naïve, Ångström, e\u0301\u0323 \uFB01 ",
            "Съешь ещё этих мягких французских булок ",
            "敏捷的棕色狐狸跳过了懒狗。いろはにほへと 다람쥐 ",
            "صِف خَلقَ خَودِ نص حكيم له سر قاطع ",
            "👩‍👩‍👧‍👦 🇩🇪 😀 ",
            "\r\n\t \u00A0\u2003\u200B\u2028\uFEFF",
            "<|im_start|> [INST] </s> <unk> ▁ Ġ ");

    private static final int REPEATED = 40;
    private static final int RUN = 4000;

    private TrialTexts() {}

    /** Plain words, which every template takes. */
    static String words() {
        return KINDS.getFirst().repeat(REPEATED).strip();
    }

    static List<String> all() {
        List<String> texts = new ArrayList<>();
        KINDS.forEach(kind -> texts.add(kind.repeat(REPEATED)));
        texts.add(String.join("", KINDS).repeat(REPEATED));
        for (char c : new char[] {'a', ' ', '0', '\n', '.', '\u0301', '\u4E2D'}) {
            texts.add(String.valueOf(c).repeat(RUN));
        }
        // Each character alone, as far as most models' words go.
        StringBuilder characters = new StringBuilder();
        for (int c = 1; c < 0x3000; c++) {
            characters.appendCodePoint(c).append(' ');
        }
        texts.add(characters.toString());
        return texts;
    }
}
