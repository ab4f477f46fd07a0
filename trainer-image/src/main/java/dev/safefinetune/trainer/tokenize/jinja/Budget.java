package dev.safefinetune.trainer.tokenize.jinja;

/** Bounds what a template that is not trusted can cost. */
final class Budget {
    private static final long MAX_STEPS = 5_000_000;
    private static final long MAX_CHARACTERS = 64L << 20;

    private long steps;
    private long characters;

    /** One statement or expression. */
    void step() {
        if (++steps > MAX_STEPS) {
            throw JinjaException.of("the template does not come to an end");
        }
    }

    /** Text that is written. */
    void wrote(int length) {
        characters += length;
        if (characters > MAX_CHARACTERS) {
            throw JinjaException.of("the template writes more than " + MAX_CHARACTERS + " characters");
        }
    }
}
