package dev.safefinetune.trainer.tokenize.jinja;

/**
 * A function that looks at what it is given: a method, bound to its object, or one that every template has.
 *
 * @param self the object; {@link None} of a function
 */
record Bound(Object self, String name, Callable function) implements Callable {
    static Bound function(String name, Callable function) {
        return new Bound(None.NONE, name, function);
    }

    @Override
    public Object call(Call arguments) {
        return function.call(arguments);
    }
}
