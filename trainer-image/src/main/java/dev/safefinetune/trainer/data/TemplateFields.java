package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;
import java.util.Set;

/**
 * What a row gives the model's chat template beside its turns. Nobody changes it.
 *
 * @param tools descriptions of tools that may be called, a list of objects; empty where there are none
 * @param kwargs further variables of the template by name, an object; empty where there are none
 */
public record TemplateFields(JsonNode tools, JsonNode kwargs) {
    /** The names of the fields in a dataset. */
    public static final String TOOLS = "tools";

    /** See {@link #TOOLS}. */
    public static final String KWARGS = "chat_template_kwargs";

    /** A row of turns alone. */
    public static final TemplateFields NONE =
            new TemplateFields(JsonNodeFactory.instance.arrayNode(), JsonNodeFactory.instance.objectNode());

    /** Variables that the row's own turns and fields fill. */
    private static final Set<String> TAKEN =
            Set.of("messages", TOOLS, "documents", "add_generation_prompt", "continue_final_message");

    private static final JsonMapper JSON = new JsonMapper();

    /** The same without tools. */
    public TemplateFields withoutTools() {
        return new TemplateFields(NONE.tools, kwargs);
    }

    static TemplateFields of(JsonNode row) {
        JsonNode tools = NONE.tools;
        JsonNode kwargs = NONE.kwargs;
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            String name = TrainingFields.plain(field.getKey());
            if (TrainingFields.isEmpty(field.getValue())) {
                continue;
            }
            if (name.equals(TrainingFields.plain(TOOLS))) {
                tools = tools(field.getKey(), field.getValue());
            } else if (name.equals(TrainingFields.plain(KWARGS))) {
                kwargs = kwargs(field.getKey(), field.getValue());
            }
        }
        return new TemplateFields(tools, kwargs);
    }

    private static JsonNode tools(String name, JsonNode value) {
        JsonNode tools = parsed(value);
        Texts.requireUnicode(tools, name);
        if (!tools.isArray()) {
            throw new RowException("has " + name + " that is no list of tools, each an object");
        }
        for (int i = 0; i < tools.size(); i++) {
            if (!tools.get(i).isObject()) {
                throw new RowException(
                        "has " + name + "[" + i + "] that is no object: a tool is described by its schema");
            }
        }
        return tools;
    }

    private static JsonNode kwargs(String name, JsonNode value) {
        JsonNode kwargs = parsed(value);
        Texts.requireUnicode(kwargs, name);
        if (!kwargs.isObject()) {
            throw new RowException("has " + name + " that is no object of names and values");
        }
        for (Map.Entry<String, JsonNode> variable : kwargs.properties()) {
            if (TAKEN.contains(variable.getKey())) {
                throw new RowException("has " + name + "." + variable.getKey()
                        + ", which the row itself gives to the chat template: remove it");
            }
        }
        return kwargs;
    }

    /** Columns of tables have no lists, so that many datasets write them as text. */
    static JsonNode parsed(JsonNode value) {
        if (!value.isTextual()) {
            return value;
        }
        try {
            return JSON.readTree(value.textValue());
        } catch (JsonProcessingException e) {
            return value;
        }
    }

    /** Without what is in it: samples are not to be found in logs. */
    @Override
    public String toString() {
        return "TemplateFields[tools=" + tools.size() + ", kwargs=" + kwargs.size() + "]";
    }
}
