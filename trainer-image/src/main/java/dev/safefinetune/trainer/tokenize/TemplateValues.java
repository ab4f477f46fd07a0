package dev.safefinetune.trainer.tokenize;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a dataset holds, as variables of a chat template. */
final class TemplateValues {
    private TemplateValues() {}

    /** A turn as its template gets it. */
    static Map<String, Object> of(Message message) {
        Map<String, Object> turn = new LinkedHashMap<>();
        turn.put("role", message.role().text());
        if (message.hasContent()) {
            turn.put("content", message.content());
        }
        turn.putAll(map(message.fields()));
        return turn;
    }

    /** A value of JSON as Python reads it. */
    static Object of(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.textValue();
            case BOOLEAN -> value.booleanValue();
            case NUMBER ->
                value.isIntegralNumber()
                        ? value.canConvertToLong() ? (Object) value.longValue() : value.bigIntegerValue()
                        : (Object) value.doubleValue();
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                value.forEach(item -> list.add(of(item)));
                yield list;
            }
            case OBJECT -> map(value);
            default -> JinjaTemplate.none();
        };
    }

    /** The fields of an object, in their order. */
    static Map<String, Object> map(JsonNode object) {
        Map<String, Object> map = new LinkedHashMap<>();
        object.properties().forEach(field -> map.put(field.getKey(), of(field.getValue())));
        return map;
    }
}
