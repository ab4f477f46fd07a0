package dev.safefinetune.trainer.family;

import dev.safefinetune.trainer.family.Rope.Scaling;
import java.util.List;

/**
 * The rotary position embedding in {@code config.json}: transformers 4 has {@code rope_theta} and {@code rope_scaling}, 5 has
 * {@code rope_parameters} with both in it.
 *
 * @param fields of the whole configuration
 */
record RopeFields(ConfigFields fields) {
    private static final String KNOWN = "default, linear, dynamic, llama3, yarn or longrope";
    private static final String ABOVE_ZERO = "a number above 0";

    /** The one rotation of a model, of whole heads. */
    Rope rope(double theta) {
        requireWholeRotation(fields);
        requireWholeRotation(fields.object("rope_parameters"));
        return ropeOfAny(theta);
    }

    /** The same where a part of each head may turn. */
    Rope ropeOfAny(double theta) {
        ConfigFields five = fields.object("rope_parameters");
        ConfigFields four = fields.object("rope_scaling");
        return rope(five.isEmpty() ? four : five, theta(five, theta(fields, theta)));
    }

    /** A rotation whose settings lie in an object of their own. */
    Rope rope(ConfigFields settings, double theta) {
        return new Rope(theta(settings, theta), scaling(settings));
    }

    static double theta(ConfigFields where, double otherwise) {
        return where.number("rope_theta", otherwise, n -> n > 1, "a number above 1");
    }

    private static void requireWholeRotation(ConfigFields where) {
        if (where.hasValue("partial_rotary_factor")) {
            where.number("partial_rotary_factor", 1, n -> n == 1, "1");
        }
    }

    private Scaling scaling(ConfigFields s) {
        String type = s.word("rope_type", s.word("type", "default", KNOWN), KNOWN);
        return switch (type) {
            case "default" -> Scaling.NONE;
            case "linear" -> new Scaling.Linear(factor(s, "factor"));
            case "dynamic" -> {
                factor(s, "factor");
                yield Scaling.NONE;
            }
            case "llama3" -> llama3(s);
            case "yarn" -> yarn(s);
            case "longrope" -> longRope(s);
            default -> throw s.refused(s.has("rope_type") ? "rope_type" : "type", KNOWN);
        };
    }

    private static Scaling llama3(ConfigFields s) {
        double low = factor(s, "low_freq_factor");
        double high = factor(s, "high_freq_factor");
        if (high <= low) {
            throw s.refused("high_freq_factor", "a number above low_freq_factor, " + low);
        }
        return new Scaling.Llama3(factor(s, "factor"), low, high, s.positive("original_max_position_embeddings"));
    }

    private Scaling yarn(ConfigFields s) {
        double factor = factor(s, "factor");
        double whole = s.hasValue("mscale") && s.hasValue("mscale_all_dim")
                ? magnitude(factor, factor(s, "mscale")) / magnitude(factor, factor(s, "mscale_all_dim"))
                : magnitude(factor, 1);
        return new Scaling.Yarn(
                factor,
                factorOr(s, "attention_factor", whole),
                factorOr(s, "beta_fast", 32),
                factorOr(s, "beta_slow", 1),
                s.positiveOrNull(
                        "original_max_position_embeddings", fields.positiveOr("max_position_embeddings", 2048)),
                !s.hasValue("truncate") || s.flag("truncate"));
    }

    private static double magnitude(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private Scaling longRope(ConfigFields s) {
        int positions = fields.positiveOr("max_position_embeddings", 2048);
        int original = s.positiveOrNull(
                "original_max_position_embeddings",
                fields.positiveOrNull("original_max_position_embeddings", positions));
        double factor = original < positions ? (double) positions / original : factorOr(s, "factor", 1);
        double attention = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        return new Scaling.Long(
                factors(s, "short_factor"),
                factors(s, "long_factor"),
                factorOr(s, "attention_factor", attention),
                original);
    }

    private static List<Double> factors(ConfigFields s, String field) {
        return s.numbers(field, n -> n > 0, "a list of numbers above 0, one for each pair of a head that turns");
    }

    private static double factor(ConfigFields s, String field) {
        if (!s.has(field)) {
            throw s.refused(field, ABOVE_ZERO);
        }
        return s.number(field, 1, n -> n > 0, ABOVE_ZERO);
    }

    private static double factorOr(ConfigFields s, String field, double otherwise) {
        return s.hasValue(field) ? factor(s, field) : otherwise;
    }
}
