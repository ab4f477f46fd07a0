package dev.safefinetune.images.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes as Quarkus writes them, in two of their orders. */
class GeneratedBytecodeTest {
    private static final String GENERATED = "io/quarkus/runtime/generated/";
    private static final String HOLDER = GENERATED + "SharedConfig";
    private static final ClassDesc BASE = ClassDesc.of("io.quarkus.runtime.configuration.AbstractConfigBuilder");
    private static final ClassDesc BUILDER = ClassDesc.of("io.smallrye.config.SmallRyeConfigBuilder");
    private static final ClassDesc MAPPING = ClassDesc.of("io.smallrye.config.ConfigMappings$ConfigClass");

    /** The type of which there is an instance, wherever it is numbered. */
    private static final String INSTANCE = "c.Own";

    @TempDir
    Path directory = Path.of(".");

    @Test
    void twoOrdersOfTheSameClassesGiveTheSameBytes() throws IOException {
        Path one = settled("one", generated(List.of("a.Http", "b.Log", "c.Own"), 7, 12));
        Path other = settled("other", generated(List.of("c.Own", "a.Http", "b.Log"), 104, 3));

        assertThat(one).hasSameBinaryContentAs(other);
    }

    @Test
    void classesThatDoSomethingElseStayDifferent() throws IOException {
        Path one = settled("one", generated(List.of("a.Http", "b.Log"), 7, 12));

        assertThat(Files.mismatch(one, settled("more", generated(List.of("a.Http", "b.Log", "c.Own"), 7, 12))))
                .isNotNegative();
        // One value for two steps is not one value for each of them.
        assertThat(Files.mismatch(one, settled("shared", generated(List.of("a.Http", "b.Log"), 7, 7))))
                .isNotNegative();
    }

    @Test
    void everyReaderStillFindsTheMappingThatItNamed() throws IOException {
        Map<String, byte[]> classes = read(settled("one", generated(List.of("c.Own", "a.Http", "b.Log"), 7, 12)));

        assertThat(constants(code(classes, HOLDER)))
                .containsExactly("a.Http", "prefix of a.Http", "b.Log", "prefix of b.Log", "c.Own", "prefix of c.Own");
        for (String reader : List.of("RunTimeConfigCustomizer", "StaticInitConfigCustomizer")) {
            assertThat(fields(code(classes, GENERATED + reader)))
                    .as("the instance of %s, then all by their names", INSTANCE)
                    .containsExactly("configClass$2", "configClass$0", "configClass$1", "configClass$2");
        }
    }

    @Test
    void isItsOwnOrder() throws IOException {
        Path jar = settled("one", generated(List.of("c.Own", "a.Http"), 9, 4));
        byte[] once = Files.readAllBytes(jar);

        GeneratedBytecode.settle(jar);

        assertThat(jar).hasBinaryContent(once);
    }

    @Test
    void whatAnotherReleaseGeneratesIsRefused() throws IOException {
        Map<String, byte[]> without = generated(List.of("a.Http"), 1, 2);
        without.remove(HOLDER + ".class");
        assertThatThrownBy(() -> settled("without", without))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(HOLDER);

        Map<String, byte[]> keyless = generated(List.of("a.Http"), 1, 2);
        keyless.keySet().removeIf(name -> name.contains("/recorded/"));
        assertThatThrownBy(() -> settled("keyless", keyless))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("keys");

        Map<String, byte[]> empty = generated(List.of(), 1, 2);
        assertThatThrownBy(() -> settled("empty", empty))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(HOLDER);
    }

    private Path settled(String name, Map<String, byte[]> classes) throws IOException {
        Path jar = directory.resolve(name + ".jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> file : classes.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                out.putNextEntry(entry);
                out.write(file.getValue());
                out.closeEntry();
            }
        }
        GeneratedBytecode.settle(jar);
        return jar;
    }

    private static Map<String, byte[]> read(Path jar) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                try (InputStream in = zip.getInputStream(entry)) {
                    classes.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        return classes;
    }

    /**
     * Quarkus' classes.
     *
     * @param mappings types in the order in which they are numbered
     * @param first number of the value that both recorded steps know
     * @param second number of the value that the second step knows alone
     */
    private static Map<String, byte[]> generated(List<String> mappings, int first, int second) {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        classes.put("META-INF/", new byte[0]);
        put(classes, HOLDER, "<clinit>", ClassFile.ACC_STATIC, code -> holder(code, mappings));
        for (String reader : List.of("RunTimeConfigCustomizer", "StaticInitConfigCustomizer")) {
            put(classes, GENERATED + reader, "configBuilder", 0, code -> reader(code, mappings));
        }
        put(classes, "io/quarkus/runner/recorded/One$build1", "deploy", 0, code -> step(code, first));
        put(classes, "io/quarkus/runner/recorded/Two$build2", "deploy", 0, code -> step(code, first, second));
        return classes;
    }

    private static void put(
            Map<String, byte[]> classes, String name, String method, int flags, Consumer<CodeBuilder> code) {
        ClassDesc self = ClassDesc.ofInternalName(name);
        MethodTypeDesc type = flags == ClassFile.ACC_STATIC
                ? ConstantDescs.MTD_void
                : MethodTypeDesc.of(ConstantDescs.CD_void, BUILDER);
        classes.put(
                name + ".class",
                ClassFile.of().build(self, made -> made.withMethodBody(method, type, flags, code::accept)));
    }

    private static void holder(CodeBuilder code, List<String> mappings) {
        for (int i = 0; i < mappings.size(); i++) {
            String type = mappings.get(i);
            code.ldc(type)
                    .ldc("prefix of " + type)
                    .invokestatic(
                            BASE,
                            "configClass",
                            MethodTypeDesc.of(MAPPING, ConstantDescs.CD_String, ConstantDescs.CD_String))
                    .putstatic(ClassDesc.ofInternalName(HOLDER), "configClass$" + i, MAPPING);
            for (int part = 0; part < type.length() - 5; part++) {
                code.invokestatic(BASE, "ensureLoaded", ConstantDescs.MTD_void);
            }
        }
        code.new_(BUILDER).pop().return_();
    }

    private static void reader(CodeBuilder code, List<String> mappings) {
        if (mappings.contains(INSTANCE)) {
            name(code, mappings.indexOf(INSTANCE), 2, "withMappingInstance");
        }
        for (int i = 0; i < mappings.size(); i++) {
            name(code, i, 3 + i, "withMapping");
        }
        code.return_();
    }

    private static void name(CodeBuilder code, int number, int slot, String call) {
        code.getstatic(ClassDesc.ofInternalName(HOLDER), "configClass$" + number, MAPPING)
                .astore(slot)
                .aload(1)
                .aload(slot)
                .invokestatic(BASE, call, MethodTypeDesc.of(ConstantDescs.CD_void, BUILDER, MAPPING));
    }

    private static void step(CodeBuilder code, int... values) {
        for (int value : values) {
            code.ldc("proxykey" + value).pop();
        }
        code.return_();
    }

    private static List<CodeElement> code(Map<String, byte[]> classes, String name) {
        byte[] bytes = Objects.requireNonNull(classes.get(name + ".class"), name);
        return ClassFile.of()
                .parse(bytes)
                .methods()
                .getFirst()
                .code()
                .orElseThrow()
                .elementList();
    }

    private static List<String> constants(List<CodeElement> code) {
        return code.stream()
                .filter(ConstantInstruction.class::isInstance)
                .map(element -> ((ConstantInstruction) element).constantValue().toString())
                .toList();
    }

    private static List<String> fields(List<CodeElement> code) {
        return code.stream()
                .filter(FieldInstruction.class::isInstance)
                .map(element -> ((FieldInstruction) element).name().stringValue())
                .toList();
    }
}
