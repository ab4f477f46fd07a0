package dev.safefinetune.trainer.tokenize.jinja;

/**
 * What a name stands for that nothing was given: false, empty and no text, but nothing can be done with it.
 *
 * @param name for messages
 */
record Undefined(String name) {
    JinjaException error() {
        return JinjaException.of("'" + name + "' is undefined");
    }
}
