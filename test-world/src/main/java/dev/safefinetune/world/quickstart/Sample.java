package dev.safefinetune.world.quickstart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer.
 *
 * @param category what a dataset says about it; absent in the user's data, as a user would not say
 */
public record Sample(
        String request, String answer, @Nullable String category) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As a user would have it. */
    public Sample withoutCategory() {
        return new Sample(request, answer, null);
    }

    /** As one line of JSONL with {@code messages}. */
    public String line() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("messages", List.of(message("user", request), message("assistant", answer)));
        if (category != null) {
            row.put("category", category);
        }
        try {
            return JSON.writeValueAsString(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings can always be written", e);
        }
    }

    private static Map<String, String> message(String role, String content) {
        Map<String, String> message = new LinkedHashMap<>();
        message.put("role", role);
        message.put("content", content);
        return message;
    }
}
