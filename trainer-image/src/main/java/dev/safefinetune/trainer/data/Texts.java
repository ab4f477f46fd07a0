package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;

/** Texts of rows: plain, or a list of parts as multimodal datasets write them. */
final class Texts {
    private Texts() {}

    /**
     * Reads a text; several parts are one text, with nothing between them.
     *
     * @param at where it stands, for messages
     */
    static String read(JsonNode value, String at) {
        if (!value.isArray() || value.isEmpty()) {
            return plain(value, at);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.size(); i++) {
            text.append(part(value.get(i), at + "[" + i + "]"));
        }
        return text.toString();
    }

    private static String part(JsonNode part, String at) {
        JsonNode type = part.path("type");
        if (type.isTextual() && !type.textValue().equals("text")) {
            throw new RowException("has " + at + " of another type than text: text alone is read; leave the row out");
        }
        if (!type.isTextual()) {
            throw new RowException("has " + at + " that is no part: write {\"type\": \"text\", \"text\": …}");
        }
        return plain(part.path("text"), at + ".text");
    }

    /** Reads a text that is no list of parts. */
    static String plain(JsonNode value, String at) {
        if (!value.isTextual()) {
            throw new RowException("has " + at + " that is not text");
        }
        requireUnicode(value, at);
        return value.textValue();
    }

    /** JSON can escape half a character; no tokenizer can take it. Looks into lists and objects as well. */
    static void requireUnicode(JsonNode value, String at) {
        if (value.isTextual() && !isUnicode(value.textValue())) {
            throw new RowException("has " + at + " with half a surrogate pair, which is no Unicode text");
        }
        value.fieldNames().forEachRemaining(name -> {
            if (!isUnicode(name)) {
                throw new RowException("has " + at + " with half a surrogate pair, which is no Unicode text");
            }
        });
        value.forEach(inner -> requireUnicode(inner, at));
    }

    private static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
