package dev.safefinetune.local.api.change;

import dev.safefinetune.local.api.model.FieldFault;
import dev.safefinetune.local.api.model.ResourceType;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;

/** The names that objects may have. */
final class Names {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final Pattern IS_LABEL = Pattern.compile(LABEL);
    private static final Pattern IS_SUBDOMAIN = Pattern.compile(SUBDOMAIN);

    /** Without vowels and look-alikes, as the real server's. */
    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private static final SecureRandom RANDOM = new SecureRandom();

    private Names() {}

    static String generate(String prefix) {
        StringBuilder name = new StringBuilder(prefix.length() > 58 ? prefix.substring(0, 58) : prefix);
        for (int i = 0; i < 5; i++) {
            name.append(SUFFIX_LETTERS.charAt(RANDOM.nextInt(SUFFIX_LETTERS.length())));
        }
        return name.toString();
    }

    static Optional<FieldFault> check(ResourceType type, String name) {
        if (name.isEmpty()) {
            return Optional.of(FieldFault.required("metadata.name", "name or generateName is required"));
        }
        if (type.group().equals("rbac.authorization.k8s.io")) {
            return name.contains("/") || name.contains("%") || name.equals(".") || name.equals("..")
                    ? Optional.of(FieldFault.invalid("metadata.name", name, "may not contain '/' or '%'"))
                    : Optional.empty();
        }
        if (type.is("", "Namespace")) {
            return name.length() <= 63 && IS_LABEL.matcher(name).matches()
                    ? Optional.empty()
                    : Optional.of(FieldFault.invalid(
                            "metadata.name",
                            name,
                            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
                                    + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc',"
                                    + " regex used for validation is '" + LABEL + "')"));
        }
        if (name.length() > 253) {
            return Optional.of(FieldFault.invalid("metadata.name", name, "must be no more than 253 bytes"));
        }
        return IS_SUBDOMAIN.matcher(name).matches()
                ? Optional.empty()
                : Optional.of(FieldFault.invalid(
                        "metadata.name",
                        name,
                        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.',"
                                + " and must start and end with an alphanumeric character (e.g. 'example.com', regex used"
                                + " for validation is '" + SUBDOMAIN + "')"));
    }
}
