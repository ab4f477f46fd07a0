package dev.safefinetune.trainer.tokenize.jinja;

import java.util.List;
import java.util.Map;

/** Something that a template can call. */
@FunctionalInterface
interface Callable {
    Object call(Call arguments);

    /** Evaluated arguments. */
    record Call(List<Object> positional, Map<String, Object> named) {
        static final Call NOTHING = new Call(List.of(), Map.of());

        /** An argument by position or name. */
        Object get(int position, String name, Object otherwise) {
            if (position < positional.size()) {
                return positional.get(position);
            }
            return named.getOrDefault(name, otherwise);
        }

        String text(int position, String name, String otherwise) {
            return Values.text(get(position, name, otherwise));
        }
    }
}
