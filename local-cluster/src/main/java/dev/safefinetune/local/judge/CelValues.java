package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON values as CEL sees them: whole numbers are int, others double. */
final class CelValues {
    private CelValues() {}

    static Object of(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT, POJO -> {
                Map<String, Object> map = new LinkedHashMap<>();
                value.properties().forEach(field -> map.put(field.getKey(), of(field.getValue())));
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                value.forEach(item -> list.add(of(item)));
                yield list;
            }
            case STRING, BINARY -> value.asText();
            case BOOLEAN -> value.asBoolean();
            case NUMBER -> Bounds.typeOf(value).equals("integer") ? (Object) value.longValue() : value.doubleValue();
            case NULL, MISSING -> NullValue.NULL_VALUE;
        };
    }
}
