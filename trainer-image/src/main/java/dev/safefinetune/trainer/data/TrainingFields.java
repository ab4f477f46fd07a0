package dev.safefinetune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fields of public datasets that change what a row teaches and that are not used here, so that a row with one is refused by
 * the field's name: trained without it, the row would teach something else, and nobody would know. What is used is read by
 * {@link TurnReader}, {@link RowTurns} and {@link TemplateFields}.
 *
 * <p>A field that is empty says nothing and passes. So does one that asks for what is done anyway, such as a weight of 1 for
 * an answer. All other fields, such as {@code id} or {@code source}, are notes: they are neither read nor judged.
 */
final class TrainingFields {
    private static final String AS_TOOLS = "write them as tools, each {\"type\": \"function\", \"function\": …}";
    private static final String CHOICE = "the model's chat template gets tools and turns; remove it";
    private static final String IN_TURN = "write it into the assistant's turn in messages";
    private static final String BESIDE = "write it beside messages, in the row itself";
    private static final String HISTORY = "write it as earlier turns in messages";
    private static final String ROW_LOSS =
            "loss is set for each turn, with weight 0 or 1 or with train; leave out a row that is not to be learned";
    private static final String TURN_LOSS =
            "an answer bears loss with weight 1 or none with weight 0, and nothing else does";
    private static final String TEMPLATE = "the model's own chat template is used, with tools and turns; remove it";
    private static final String MEDIA = "text alone is read; leave the row out";
    private static final String PAIR = "rows have one answer, which is learned; keep the good one";
    private static final String REQUEST = "write it into the request";

    private static final List<String> CALLS =
            List.of("toolCalls", "toolCall", "functionCall", "functionCalls", "toolCallId");
    private static final List<String> REASONING = List.of("reasoningContent", "reasoning", "thinking");

    /** Names without case and separators, and what is right instead; they count in rows and in turns. */
    private static final Map<String, String> EVERYWHERE = named(Map.of(
            AS_TOOLS, List.of("functions"),
            TEMPLATE, List.of("chatTemplate", "documents"),
            MEDIA, List.of("image", "images", "video", "videos", "audio", "audios")));

    private static final Map<String, String> OF_ROWS = named(Map.of(
            CHOICE, List.of("toolChoice", "parallelToolCalls"),
            IN_TURN,
                    List.of(
                            "toolCalls",
                            "toolCall",
                            "functionCall",
                            "functionCalls",
                            "reasoningContent",
                            "reasoning",
                            "thinking"),
            ROW_LOSS,
                    List.of(
                            "weight",
                            "weights",
                            "lossWeight",
                            "train",
                            "trainable",
                            "lossMask",
                            "mask",
                            "sampleWeight",
                            "labelMask",
                            "assistantMasks"),
            PAIR, List.of("rejectedResponse", "rejectedMessages")));

    private static final Map<String, String> OF_TURNS = named(Map.of(
            BESIDE, List.of("tools", "chatTemplateKwargs"),
            TURN_LOSS,
                    List.of(
                            "weight",
                            "weights",
                            "lossWeight",
                            "train",
                            "training",
                            "trainable",
                            "loss",
                            "lossMask",
                            "mask",
                            "masked",
                            "trainDetail",
                            "trainingDetail"),
            TEMPLATE, List.of("prefix", "partial", "channel", "recipient", "refusal")));

    /** Values that ask for loss or for none. */
    private static final Set<String> BEARS_LOSS = Set.of("weight", "train", "training", "trainable", "loss");

    /** What of a turn goes to the chat template as it is. */
    private static final Set<String> OF_TEMPLATE = plain(CALLS, REASONING, List.of("thought", "name"));

    /** What a text holds where a column of JSON has nothing. */
    private static final Set<String> EMPTY = Set.of("", "[]", "{}", "null", "none");

    private TrainingFields() {}

    /**
     * Looks at a row, without its turns.
     *
     * @param ofRequest names of further texts that would be part of the request
     * @param hasHistory whether the row's form reads {@code history}
     * @throws RowException naming the field and what is right
     */
    static void checkRow(JsonNode row, Set<String> ofRequest, boolean hasHistory) {
        for (Map.Entry<String, JsonNode> field : row.properties()) {
            String name = plain(field.getKey());
            if (name.equals("label") && field.getValue().isBoolean()) {
                check("", field, PAIR, field.getValue().booleanValue());
            } else if (ofRequest.contains(name)) {
                check("", field, REQUEST, false);
            } else if (name.equals("history") && !hasHistory) {
                check("", field, HISTORY, false);
            } else {
                check("", field, right(OF_ROWS, name), asksFor(name, field.getValue(), true));
            }
        }
    }

    /**
     * Looks at a turn.
     *
     * @param at where it stands, with the dot behind it
     * @param answer whether the assistant speaks
     * @return whether it bears loss
     * @throws RowException naming the field and what is right
     */
    static boolean checkTurn(JsonNode turn, String at, boolean answer) {
        String asking = null;
        String refusing = null;
        for (Map.Entry<String, JsonNode> field : turn.properties()) {
            String name = plain(field.getKey());
            boolean asked = asksFor(name, field.getValue(), answer);
            if (answer && asksFor(name, field.getValue(), false) && BEARS_LOSS.contains(name)) {
                refusing = field.getKey();
            } else {
                check(at, field, right(OF_TURNS, name), asked);
                asking = asked && BEARS_LOSS.contains(name) ? field.getKey() : asking;
            }
        }
        if (asking != null && refusing != null) {
            throw new RowException("has " + at + asking + " and " + refusing
                    + ", of which one asks for loss and the other for none: keep one");
        }
        return refusing == null;
    }

    /** Whether the chat template is given a turn's field as it is. */
    static boolean isOfTemplate(String field) {
        return OF_TEMPLATE.contains(plain(field));
    }

    /** Whether a turn's field holds the assistant's calls. */
    static boolean isCalls(String field) {
        String name = plain(field);
        return CALLS.stream().map(TrainingFields::plain).anyMatch(name::equals) && !name.equals("toolcallid");
    }

    private static void check(String at, Map.Entry<String, JsonNode> field, @Nullable String right, boolean asked) {
        if (right != null && !asked && !isEmpty(field.getValue())) {
            throw new RowException("has " + at + field.getKey() + ", which this release does not use: " + right);
        }
    }

    private static @Nullable String right(Map<String, String> own, String name) {
        String right = own.get(name);
        return right == null ? EVERYWHERE.get(name) : right;
    }

    /** Whether a field asks for what is done anyway: loss on answers, and on nothing else; of all others, nothing. */
    private static boolean asksFor(String name, JsonNode value, boolean answer) {
        if (!BEARS_LOSS.contains(name)) {
            return value.isBoolean() && !value.booleanValue();
        }
        return value.isBoolean()
                ? value.booleanValue() == answer
                : value.isNumber() && value.doubleValue() == (answer ? 1 : 0);
    }

    static boolean isEmpty(JsonNode value) {
        return value.isNull()
                || value.isContainerNode() && value.isEmpty()
                || value.isTextual() && EMPTY.contains(value.textValue().strip().toLowerCase(Locale.ROOT));
    }

    private static Map<String, String> named(Map<String, List<String>> fields) {
        Map<String, String> named = new HashMap<>();
        fields.forEach((right, names) -> names.forEach(name -> named.put(plain(name), right)));
        return Map.copyOf(named);
    }

    @SafeVarargs
    private static Set<String> plain(List<String>... names) {
        return java.util.Arrays.stream(names)
                .flatMap(List::stream)
                .map(TrainingFields::plain)
                .collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    /** Public datasets write one name in several ways: tool_calls, toolCalls. */
    static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[_\\-]", "");
    }
}
