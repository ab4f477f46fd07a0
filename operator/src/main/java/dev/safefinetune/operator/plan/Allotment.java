package dev.safefinetune.operator.plan;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Requests and limits of a container, as the installation gives them to a kind of stages.
 *
 * @param requests quantities by the name of the resource
 * @param limits the same; no request is above its limit
 */
public record Allotment(Map<String, Quantity> requests, Map<String, Quantity> limits) {
    static final String CPU = "cpu";
    static final String MEMORY = "memory";
    static final String EPHEMERAL_STORAGE = "ephemeral-storage";

    private static final Set<String> KNOWN = Set.of(CPU, MEMORY, EPHEMERAL_STORAGE);

    public Allotment {
        requests = Collections.unmodifiableMap(new TreeMap<>(requests));
        limits = Collections.unmodifiableMap(new TreeMap<>(limits));
        for (Map.Entry<String, Quantity> request : requests.entrySet()) {
            Quantity limit = limits.get(request.getKey());
            if (limit != null && amount(request.getValue()).compareTo(amount(limit)) > 0) {
                throw new IllegalArgumentException("the request of " + request.getKey() + " must be at most its limit "
                        + limit + ", was " + request.getValue());
            }
        }
    }

    /**
     * Reads settings.
     *
     * @param setting its name, for messages
     * @param requests texts such as {@code memory=512Mi}
     * @param limits the same
     * @throws IllegalArgumentException naming the setting and the value
     */
    public static Allotment parse(String setting, List<String> requests, List<String> limits) {
        try {
            return new Allotment(quantities(requests), quantities(limits));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Quantity> quantities(List<String> texts) {
        Map<String, Quantity> quantities = new TreeMap<>();
        for (String text : texts) {
            String[] parts = text.strip().split("=", 2);
            if (parts.length != 2 || !KNOWN.contains(parts[0])) {
                throw new IllegalArgumentException(
                        "a request or limit must be one of cpu, memory and ephemeral-storage with its quantity, such as"
                                + " memory=512Mi, was " + text);
            }
            Quantity quantity = positive(text, parts[1]);
            if (quantities.put(parts[0], quantity) != null) {
                throw new IllegalArgumentException(parts[0] + " must be given once, was given again as " + text);
            }
        }
        return quantities;
    }

    private static Quantity positive(String text, String value) {
        try {
            Quantity quantity = Quantity.parse(value);
            if (amount(quantity).signum() > 0) {
                return quantity;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(text + " must end with a quantity, such as 512Mi", e);
        }
        throw new IllegalArgumentException(text + " must be above 0");
    }

    /** In the unit of the resource: cores, or bytes. */
    static BigDecimal amount(Quantity quantity) {
        return quantity.getNumericalAmount();
    }
}
