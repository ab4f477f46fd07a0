package dev.safefinetune.local.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.safefinetune.local.api.change.WriteOptions;
import dev.safefinetune.local.api.model.ApiFault;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request and its answer. */
final class Call {
    private static final byte[] NEWLINE = {'\n'};

    private final HttpExchange exchange;
    private final String prefix;
    private final Map<String, String> query = new HashMap<>();
    private byte @Nullable [] body;

    /**
     * @param prefix of the path, for clients that came by it
     */
    Call(HttpExchange exchange, String prefix) {
        this.exchange = exchange;
        this.prefix = exchange.getRequestURI().getPath().startsWith(prefix + "/") ? prefix : "";
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int at = pair.indexOf('=');
            query.put(decode(at < 0 ? pair : pair.substring(0, at)), at < 0 ? "" : decode(pair.substring(at + 1)));
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String method() {
        return exchange.getRequestMethod();
    }

    String path() {
        return exchange.getRequestURI().getPath().substring(prefix.length());
    }

    /** What every path of this client begins with, empty for most. */
    String prefix() {
        return prefix;
    }

    /** A parameter of the query, empty when absent. */
    String query(String name) {
        return query.getOrDefault(name, "");
    }

    @Nullable
    String queryOrNull(String name) {
        return query.get(name);
    }

    boolean isSet(String name) {
        return List.of("true", "1").contains(query(name));
    }

    String header(String name) {
        String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "" : value;
    }

    String contentType() {
        String type = header("Content-Type");
        return (type.contains(";") ? type.substring(0, type.indexOf(';')) : type).strip();
    }

    /** The body as JSON, an empty object when there is none; YAML is read as well. */
    JsonNode body() throws IOException {
        byte[] bytes = body == null ? exchange.getRequestBody().readAllBytes() : body;
        body = bytes;
        if (bytes.length == 0) {
            return Serialization.jsonMapper().createObjectNode();
        }
        if (contentType().endsWith("protobuf")) {
            throw ApiFault.unsupportedMediaType(
                    "the body of the request was in an unknown format - accepted media types"
                            + " include: application/json, application/yaml");
        }
        try {
            return contentType().endsWith("yaml")
                    ? Serialization.yamlMapper().readTree(bytes)
                    : Serialization.jsonMapper().readTree(bytes);
        } catch (JsonProcessingException e) {
            throw ApiFault.badRequest(
                    "the object provided is unrecognized (must be of type JSON): " + e.getOriginalMessage());
        }
    }

    ObjectNode object() throws IOException {
        if (body() instanceof ObjectNode object) {
            return object;
        }
        throw ApiFault.badRequest("the object provided is unrecognized (must be an object)");
    }

    WriteOptions writeOptions() {
        String agent = header("User-Agent");
        String manager = query("fieldManager");
        if (manager.isEmpty()) {
            manager = agent.isEmpty() ? "unknown" : agent.split("/")[0];
        }
        String validation = query("fieldValidation");
        return new WriteOptions(
                manager,
                validation.isEmpty()
                        ? WriteOptions.FieldValidation.WARN
                        : WriteOptions.FieldValidation.valueOf(validation.toUpperCase(Locale.ROOT)),
                query("dryRun").equals("All"),
                isSet("force"));
    }

    void warn(List<String> warnings) {
        for (String warning : warnings) {
            exchange.getResponseHeaders().add("Warning", "299 - \"" + warning.replace("\"", "\\\"") + "\"");
        }
    }

    void answer(int code, JsonNode json) throws IOException {
        answer(code, "application/json", Serialization.jsonMapper().writeValueAsBytes(json));
    }

    void answer(int code, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** Begins an answer that goes on for as long as there is something to say. */
    void startStream(String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
    }

    void send(JsonNode json) throws IOException {
        send(Serialization.jsonMapper().writeValueAsBytes(json));
        send(NEWLINE);
        exchange.getResponseBody().flush();
    }

    void send(byte[] bytes) throws IOException {
        exchange.getResponseBody().write(bytes);
    }

    void flush() throws IOException {
        exchange.getResponseBody().flush();
    }

    void end() {
        exchange.close();
    }
}
