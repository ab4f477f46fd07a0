package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/** Rows of plain text. What a chat template would get has no place in them. */
final class RowText {
    static final String FIELD = "text";

    /** Without case and separators. */
    private static final Set<String> OF_TEMPLATES = Set.of("tools", "chattemplatekwargs");

    private RowText() {}

    /**
     * The text of a row.
     *
     * @throws RowException where it has none, or has something beside it that a text cannot be trained with
     */
    static String read(JsonNode row) {
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            String name = TrainingFields.plain(field.getKey());
            if ((OF_TEMPLATES.contains(name) || RowTurns.isSystem(name)) && !TrainingFields.isEmpty(field.getValue())) {
                throw new RowException(
                        "has " + field.getKey()
                                + ", which is for a chat template, and format Text has none: write it into the text, or remove it");
            }
        }
        String text = Texts.plain(row.path(FIELD), FIELD);
        if (text.isBlank()) {
            throw new RowException("has an empty text");
        }
        return text;
    }

    /** What is wrong with a row that has no text where texts are to be read. */
    static RowException missing() {
        return new RowException(
                "has no text, which rows of format Text have; for conversations the format is Messages");
    }
}
