package dev.safefinetune.images.quarkus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.StringEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The configuration's interfaces, which one generated class holds in numbered fields and others name. Quarkus numbers them
 * in the order of a hash set of classes; here they are numbered by their names, and named in the order of their numbers.
 */
final class ConfigMappings {
    private static final String HOLDER = "io/quarkus/runtime/generated/SharedConfig";
    private static final String HOLDER_METHOD = "<clinit>";
    private static final List<String> READERS = List.of(
            "io/quarkus/runtime/generated/RunTimeConfigCustomizer",
            "io/quarkus/runtime/generated/StaticInitConfigCustomizer");
    private static final String READER_METHOD = "configBuilder";
    private static final String FIELD = "configClass$";
    private static final String MADE_BY = "configClass";
    private static final String NAMED_BY = "withMapping";
    private static final ClassFile CLASS_FILE = ClassFile.of(ConstantPoolSharingOption.NEW_POOL);

    private final Map<String, byte[]> classes;
    /** Names of the fields as Quarkus numbered them, to their names here. */
    private final Map<String, String> renamed = new HashMap<>();

    ConfigMappings(Map<String, byte[]> classes) {
        this.classes = classes;
    }

    /** Rewrites the classes that hold and name them. */
    void settle() throws IOException {
        classes.put(file(HOLDER), sortHolder(model(HOLDER)));
        for (String reader : READERS) {
            classes.put(file(reader), sortReader(model(reader)));
        }
    }

    private static String file(String name) {
        return name + ".class";
    }

    private ClassModel model(String name) throws IOException {
        byte[] bytes = classes.get(file(name));
        if (bytes == null) {
            throw unknown(name);
        }
        return CLASS_FILE.parse(bytes);
    }

    private byte[] sortHolder(ClassModel holder) throws IOException {
        List<CodeElement> code = code(holder, HOLDER_METHOD);
        int first = 0;
        while (first < code.size() && !isHead(code, first)) {
            first++;
        }
        List<Mapping> mappings = new ArrayList<>();
        int end = first;
        while (end < code.size() && !(code.get(end) instanceof NewObjectInstruction)) {
            if (isHead(code, end)) {
                mappings.add(Mapping.headed(code, end));
            }
            mappings.getLast().statements().add(code.get(end));
            end++;
        }
        if (mappings.isEmpty() || end == code.size()) {
            throw unknown(HOLDER);
        }
        mappings.sort(Comparator.comparing(Mapping::type).thenComparing(Mapping::prefix));
        for (Mapping mapping : mappings) {
            renamed.put(mapping.field(), FIELD + renamed.size());
        }
        List<CodeElement> sorted = new ArrayList<>(code.subList(0, first));
        mappings.forEach(mapping -> sorted.addAll(mapping.statements()));
        sorted.addAll(code.subList(end, code.size()));
        return replaced(holder, HOLDER_METHOD, sorted);
    }

    /** Two constants, and what is made of them. */
    private static boolean isHead(List<CodeElement> code, int i) {
        return i + 3 < code.size()
                && code.get(i) instanceof ConstantInstruction
                && code.get(i + 1) instanceof ConstantInstruction
                && code.get(i + 2) instanceof InvokeInstruction made
                && made.name().equalsString(MADE_BY)
                && code.get(i + 3) instanceof FieldInstruction field
                && field.name().stringValue().startsWith(FIELD);
    }

    /** Each call keeps its place and its variable; only which mapping it reads is another one. */
    private byte[] sortReader(ClassModel reader) throws IOException {
        List<CodeElement> code = new ArrayList<>(code(reader, READER_METHOD));
        List<Integer> reads = new ArrayList<>();
        int read = -1;
        for (int i = 0; i < code.size(); i++) {
            if (code.get(i) instanceof FieldInstruction field
                    && field.name().stringValue().startsWith(FIELD)) {
                read = i;
            } else if (code.get(i) instanceof InvokeInstruction call
                    && call.name().equalsString(NAMED_BY)) {
                if (read < 0) {
                    throw unknown(reader.thisClass().asInternalName());
                }
                reads.add(read);
                read = -1;
            }
        }
        List<CodeElement> inOrder = reads.stream()
                .map(code::get)
                .sorted(Comparator.comparingInt(element -> number((FieldInstruction) element)))
                .toList();
        for (int i = 0; i < reads.size(); i++) {
            code.set(reads.get(i), inOrder.get(i));
        }
        return replaced(reader, READER_METHOD, code);
    }

    private static IOException unknown(String name) {
        return new IOException(
                name + " is not as Quarkus 3.33 generates it: find the order of its configuration mappings"
                        + " in what this release generates");
    }

    private int number(FieldInstruction field) {
        return Integer.parseInt(newName(field).substring(FIELD.length()));
    }

    private String newName(FieldInstruction field) {
        String old = field.name().stringValue();
        if (!old.startsWith(FIELD)) {
            return old;
        }
        String name = renamed.get(old);
        if (name == null) {
            throw new UncheckedIOException(unknown(HOLDER));
        }
        return name;
    }

    private static List<CodeElement> code(ClassModel model, String method) throws IOException {
        for (MethodModel candidate : model.methods()) {
            if (candidate.methodName().equalsString(method)) {
                return candidate
                        .code()
                        .orElseThrow(() -> new IOException(method + " has no code"))
                        .elementList();
            }
        }
        throw unknown(model.thisClass().asInternalName());
    }

    private byte[] replaced(ClassModel model, String method, List<CodeElement> code) {
        CodeTransform all = new CodeTransform() {
            @Override
            public void accept(CodeBuilder builder, CodeElement element) {}

            @Override
            public void atEnd(CodeBuilder builder) {
                code.forEach(element -> write(builder, element));
            }
        };
        return CLASS_FILE.transformClass(
                model,
                ClassTransform.transformingMethodBodies(
                        candidate -> candidate.methodName().equalsString(method), all));
    }

    private void write(CodeBuilder builder, CodeElement element) {
        switch (element) {
            case FieldInstruction field ->
                builder.fieldAccess(field.opcode(), field.owner().asSymbol(), newName(field), field.typeSymbol());
            // Whether its index takes one byte or two depends on where it stands.
            case ConstantInstruction.LoadConstantInstruction constant -> builder.ldc(constant.constantEntry());
            default -> builder.with(element);
        }
    }

    /** The statements that make one of them and load its classes. */
    private record Mapping(String type, String prefix, String field, List<CodeElement> statements) {
        static Mapping headed(List<CodeElement> code, int i) {
            return new Mapping(
                    text(code.get(i)),
                    text(code.get(i + 1)),
                    ((FieldInstruction) code.get(i + 3)).name().stringValue(),
                    new ArrayList<>());
        }

        private static String text(CodeElement constant) {
            return constant instanceof ConstantInstruction.LoadConstantInstruction load
                            && load.constantEntry() instanceof StringEntry string
                    ? string.stringValue()
                    : "";
        }
    }
}
