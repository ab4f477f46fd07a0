package dev.safefinetune.local.judge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Evaluates a CRD's CEL rules. Compiled once; safe for use by several threads. */
final class RuleCheck {
    private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

    private final Map<String, CelRuntime.Program> programs = new HashMap<>();

    /**
     * @throws IllegalArgumentException naming a rule that does not compile, or uses a function that is not known here
     */
    RuleCheck(StructuralSchema schema) {
        Cel cel = CelFactory.standardCelBuilder()
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(CelExtensions.strings())
                .addRuntimeLibraries(CelExtensions.strings())
                .addVar("self", SimpleType.DYN)
                .addVar("oldSelf", SimpleType.DYN)
                .build();
        compile(cel, schema);
    }

    private void compile(Cel cel, StructuralSchema schema) {
        for (StructuralSchema.Rule rule : schema.rules()) {
            if (!programs.containsKey(rule.expression())) {
                programs.put(rule.expression(), program(cel, rule.expression()));
            }
        }
        schema.properties().values().forEach(each -> compile(cel, each));
        if (schema.additional() != null) {
            compile(cel, schema.additional());
        }
        if (schema.items() != null) {
            compile(cel, schema.items());
        }
    }

    private static CelRuntime.Program program(Cel cel, String expression) {
        try {
            return cel.createProgram(cel.compile(expression).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException("rule does not compile: " + expression + ": " + e.getMessage(), e);
        }
    }

    /**
     * Evaluates all rules.
     *
     * @param old the object before the change; null when it is new
     * @param skip paths whose rules are left out
     */
    List<Finding> check(JsonNode object, @Nullable JsonNode old, StructuralSchema schema, Predicate<String> skip) {
        List<Finding> findings = new ArrayList<>();
        visit("", object, old, schema, skip, findings);
        return findings;
    }

    private void visit(
            String path,
            JsonNode value,
            @Nullable JsonNode old,
            StructuralSchema schema,
            Predicate<String> skip,
            List<Finding> findings) {
        if (!skip.test(path)) {
            for (StructuralSchema.Rule rule : schema.rules()) {
                evaluate(path, value, old, rule, findings);
            }
        }
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                StructuralSchema of = schema.field(field.getKey());
                if (of != null) {
                    JsonNode before = old == null ? null : old.get(field.getKey());
                    visit(Paths.field(path, field.getKey()), field.getValue(), before, of, skip, findings);
                }
            }
        } else if (value.isArray() && schema.items() != null) {
            for (int i = 0; i < value.size(); i++) {
                // Items have no identity across a change, so rules on changes do not reach them.
                visit(Paths.item(path, i), value.get(i), null, schema.items(), skip, findings);
            }
        }
    }

    private void evaluate(
            String path, JsonNode value, @Nullable JsonNode old, StructuralSchema.Rule rule, List<Finding> findings) {
        boolean onChange = OLD_SELF.matcher(rule.expression()).find();
        if (onChange && old == null) {
            return;
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", CelValues.of(value));
        if (onChange && old != null) {
            variables.put("oldSelf", CelValues.of(old));
        }
        String at = rule.fieldPath().isEmpty()
                ? path
                : Paths.field(path, rule.fieldPath().substring(1));
        try {
            CelRuntime.Program program = java.util.Objects.requireNonNull(programs.get(rule.expression()));
            if (!Boolean.TRUE.equals(program.eval(variables))) {
                findings.add(new Finding(Finding.Type.INVALID, at, shown(value, rule), rule.message()));
            }
        } catch (CelEvaluationException e) {
            findings.add(new Finding(
                    Finding.Type.INVALID,
                    at,
                    shown(value, rule),
                    e.getMessage() + " evaluating rule: " + rule.message()));
        }
    }

    /** The value that is at fault, where it is short enough to be shown. */
    private static String shown(JsonNode value, StructuralSchema.Rule rule) {
        JsonNode fault =
                rule.fieldPath().isEmpty() ? value : value.at(rule.fieldPath().replace('.', '/'));
        if (fault.isMissingNode()) {
            return "";
        }
        return fault.isContainerNode() ? "\"" + Bounds.typeOf(fault) + "\"" : fault.toString();
    }
}
