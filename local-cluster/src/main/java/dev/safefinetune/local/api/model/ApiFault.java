package dev.safefinetune.local.api.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/** An answer other than success: a {@code metav1.Status} as a real API server words it. */
public final class ApiFault extends RuntimeException {
    private final transient ObjectNode status;
    private final int code;

    private ApiFault(int code, String reason, String message) {
        super(message, null, false, false);
        this.code = code;
        status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Failure").put("message", message).put("reason", reason);
        status.put("code", code);
    }

    /** The body of the answer. */
    public ObjectNode status() {
        return status;
    }

    /** The HTTP status code. */
    public int code() {
        return code;
    }

    private ApiFault about(ResourceType type, String name) {
        ObjectNode details = status.putObject("details").put("name", name);
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.plural());
        return this;
    }

    public static ApiFault notFound(ResourceType type, String name) {
        return new ApiFault(404, "NotFound", type.qualified() + " \"" + name + "\" not found").about(type, name);
    }

    /** The path leads nowhere. */
    public static ApiFault noSuchPath() {
        return new ApiFault(404, "NotFound", "the server could not find the requested resource");
    }

    public static ApiFault alreadyExists(ResourceType type, String name) {
        return new ApiFault(409, "AlreadyExists", type.qualified() + " \"" + name + "\" already exists")
                .about(type, name);
    }

    public static ApiFault conflict(ResourceType type, String name, String why) {
        return new ApiFault(
                        409,
                        "Conflict",
                        "Operation cannot be fulfilled on " + type.qualified() + " \"" + name + "\": " + why)
                .about(type, name);
    }

    /** Another writer was faster. */
    public static ApiFault modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    /** A server-side apply wants fields that others hold. */
    public static ApiFault applyConflict(ResourceType type, String name, List<FieldFault> conflicts) {
        String all = conflicts.stream().map(c -> c.message() + ": " + c.field()).collect(Collectors.joining("\n- "));
        ApiFault fault = new ApiFault(
                409,
                "Conflict",
                "Apply failed with " + conflicts.size() + " conflict" + (conflicts.size() == 1 ? ": " : "s: ") + all);
        fault.about(type, name).causes(conflicts);
        return fault;
    }

    private void causes(List<FieldFault> faults) {
        ArrayNode causes = status.withObject("/details").putArray("causes");
        for (FieldFault each : faults) {
            causes.addObject()
                    .put("reason", each.reason())
                    .put("message", each.message())
                    .put("field", each.field());
        }
    }

    public static ApiFault forbidden(ResourceType type, String name, String why) {
        return new ApiFault(403, "Forbidden", type.qualified() + " \"" + name + "\" is forbidden: " + why)
                .about(type, name);
    }

    /** Fields that break a rule. */
    public static ApiFault invalid(ResourceType type, String name, List<FieldFault> faults) {
        String all = faults.stream().map(FieldFault::toString).collect(Collectors.joining(", "));
        String qualifiedKind = type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
        ApiFault fault = new ApiFault(
                422,
                "Invalid",
                qualifiedKind + " \"" + name + "\" is invalid: " + (faults.size() == 1 ? all : "[" + all + "]"));
        ObjectNode details = fault.status.putObject("details").put("name", name);
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        details.put("kind", type.kind());
        fault.causes(faults);
        return fault;
    }

    public static ApiFault badRequest(String message) {
        return new ApiFault(400, "BadRequest", message);
    }

    /** The request can be read but not be carried out. */
    public static ApiFault unprocessable(String message) {
        return new ApiFault(422, "Invalid", message);
    }

    public static ApiFault unauthorized() {
        return new ApiFault(401, "Unauthorized", "Unauthorized");
    }

    public static ApiFault forbidden(String message) {
        return new ApiFault(403, "Forbidden", message);
    }

    public static ApiFault methodNotAllowed() {
        return new ApiFault(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    public static ApiFault unsupportedMediaType(String message) {
        return new ApiFault(415, "UnsupportedMediaType", message);
    }

    /** The watch's starting point is no longer in the log. */
    public static ApiFault expired(long asked, long oldest) {
        return new ApiFault(410, "Expired", "too old resource version: " + asked + " (" + oldest + ")");
    }

    public static ApiFault internal(String message) {
        return new ApiFault(500, "InternalError", "Internal error occurred: " + message);
    }
}
