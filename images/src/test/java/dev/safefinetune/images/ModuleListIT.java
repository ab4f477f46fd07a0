package dev.safefinetune.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every module that the classes name is either in the runtime or left out on purpose. */
class ModuleListIT {
    @ParameterizedTest
    @CsvSource({
        "../operator/src/main/jvm/operator.modules, ../build/images/work/operator/root/opt/operator/app",
        "../trainer-image/src/main/jvm/trainer.modules, ../build/images/work/trainer/root/opt/trainer/lib/app"
    })
    void namesWhatTheClassesName(Path file, Path jars, @TempDir Path classes) throws IOException {
        for (Path jar : new RootTree(jars).files()) {
            if (jar.toString().endsWith(".jar")) {
                unpack(jar, classes);
            }
        }
        ModuleList list = ModuleList.read(file);
        List<String> known = new ArrayList<>(list.kept());
        known.addAll(list.left());

        String named =
                Program.tool("jdeps", List.of("--ignore-missing-deps", "--print-module-deps", classes.toString()));

        assertThat(named.strip().split(",")).contains("java.base").isSubsetOf(known);
    }

    /** Classes alone: a jar that calls itself a module would want all its modules to be there. */
    private static void unpack(Path jar, Path directory) throws IOException {
        try (JarFile opened = new JarFile(jar.toFile())) {
            for (JarEntry entry : opened.stream().toList()) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.endsWith("module-info.class") && !name.startsWith("META-INF/")) {
                    Path target = directory.resolve(name).normalize();
                    Files.createDirectories(target.getParent());
                    try (InputStream content = opened.getInputStream(entry)) {
                        Files.write(target, content.readAllBytes());
                    }
                }
            }
        }
    }
}
