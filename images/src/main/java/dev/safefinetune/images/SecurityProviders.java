package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A runtime's list of security providers, cut to those that it holds. jlink leaves the JDK's whole list; one on it that no
 * module provides is looked for among the services of the class path, for which every provider there is loaded: Bouncy
 * Castle's hundreds of classes at each start of the operator.
 */
final class SecurityProviders {
    private static final Pattern ENTRY = Pattern.compile("security\\.provider\\.\\d+=(?<name>\\w+)(?<argument>.*)");

    private SecurityProviders() {}

    static void keepThoseOf(Path runtime) throws IOException {
        Set<String> modules = Set.of(property(runtime, "MODULES").split(" "));
        Path file = runtime.resolve("conf/security/java.security");
        List<String> lines = new ArrayList<>();
        int kept = 0;
        for (String line : Files.readAllLines(file)) {
            Matcher entry = ENTRY.matcher(line);
            if (!entry.matches()) {
                lines.add(line);
            } else if (modules.contains(module(entry.group("name")))) {
                kept++;
                lines.add("security.provider." + kept + "=" + entry.group("name") + entry.group("argument"));
            }
        }
        Files.write(file, lines);
    }

    private static String module(String name) {
        Provider provider = Security.getProvider(name);
        if (provider == null) {
            throw new IllegalStateException("the JDK lists a security provider that it does not have: " + name);
        }
        return provider.getClass().getModule().getName();
    }

    private static String property(Path runtime, String name) throws IOException {
        Properties release = JavaRuntime.release(runtime);
        if (!release.containsKey(name)) {
            throw new IllegalStateException(runtime + "/release has no " + name);
        }
        return release.getProperty(name);
    }
}
