package dev.safefinetune.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that the list names and the runtime lacks would be looked for on the class path, at each start. */
class SecurityProvidersIT {
    private static final Pattern LISTED = Pattern.compile("(?m)^security\\.provider\\.\\d+=(\\w+)");
    private static final Pattern FOUND = Pattern.compile("Provider name: (\\w+)");

    @ParameterizedTest
    @ValueSource(strings = {"operator/root/opt/operator/runtime", "trainer/root/opt/trainer/lib/runtime"})
    void namesThoseThatTheRuntimeHolds(Path place) throws IOException {
        Path runtime = Path.of("../build/images/work").resolve(place);
        String java = runtime.resolve("bin/java").toString();
        String list = Files.readString(runtime.resolve("conf/security/java.security"));

        String shown = Program.run(List.of(java, "-XshowSettings:security:providers", "--version"));

        assertThat(names(LISTED, list))
                .contains("SUN", "SunJSSE", "SunJCE", "SunEC")
                .isEqualTo(names(FOUND, shown));
    }

    private static List<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }
}
