package dev.safefinetune.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the archives of build/images hold, and what they must not. */
class ImageContentIT {
    private static final Path IMAGES = Path.of("../build/images");
    private static final Map<String, ArchiveContent> READ = new HashMap<>();

    private static synchronized ArchiveContent image(String name) throws IOException {
        ArchiveContent content = READ.get(name);
        if (content == null) {
            content = ArchiveContent.of(IMAGES.resolve(name + ".tar"));
            READ.put(name, content);
        }
        return content;
    }

    private static JsonNode bill(String name) throws IOException {
        return new ObjectMapper().readTree(image(name).texts().get("/usr/share/sbom/%s.cdx.json".formatted(name)));
    }

    /** Every digest that the bill names, of components and of their parts. */
    private static Set<String> billed(JsonNode bill) {
        return bill.findValues("hashes").stream()
                .flatMap(hashes -> StreamSupport.stream(hashes.spliterator(), false))
                .map(hash -> hash.get("content").asText())
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({"operator, 120, 200", "trainer, 450, 450"})
    void keepsItsSize(String name, long mostArchived, long mostUnpacked) throws IOException {
        double archived = Files.size(IMAGES.resolve(name + ".tar")) / 1e6;
        double unpacked = image(name).unpackedBytes() / 1e6;
        System.out.printf("%s: archive %.1f MB of %d, unpacked %.1f MB%n", name, archived, mostArchived, unpacked);

        assertThat(archived).isLessThanOrEqualTo(mostArchived);
        assertThat(unpacked).isLessThanOrEqualTo(mostUnpacked);
    }

    @ParameterizedTest
    @CsvSource({"operator, 65532", "trainer, 10001"})
    void runsAsAUserWhoIsNotRootAndHasAName(String name, int user) throws IOException {
        assertThat(image(name).config().at("/config/User").asText()).isEqualTo(user + ":" + user);
        assertThat(image(name).texts().get("/etc/passwd")).contains(name + ":x:" + user + ":" + user + ":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "trainer"})
    void hasNoShellAndNoPackageManager(String name) throws IOException {
        assertThat(image(name).files())
                .extracting(ArchiveContent.Entry::name)
                .doesNotContain("sh", "bash", "dash", "busybox", "env", "apt", "apt-get", "dpkg", "apk", "rpm", "pip")
                .contains("passwd");
        assertThat(image(name).config().at("/config/Entrypoint/0").asText()).startsWith("/opt/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "trainer"})
    void givesNobodyMoreRightsThanToRead(String name) throws IOException {
        List<ArchiveContent.Entry> entries = image(name).entries();

        assertThat(entries).filteredOn(entry -> (entry.mode() & 06000) != 0).isEmpty();
        assertThat(entries)
                .filteredOn(entry -> (entry.mode() & 0002) != 0)
                .extracting(ArchiveContent.Entry::path)
                .containsOnly("/tmp");
        assertThat(entries).allMatch(entry -> entry.user() == 0);
        assertThat(entries).filteredOn(entry -> (entry.mode() & 0004) == 0).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "trainer"})
    void holdsNoSecretsAndNothingOfTheMachineThatBuiltIt(String name) throws IOException {
        assertThat(image(name).files())
                .filteredOn(
                        entry -> entry.path()
                                .matches(
                                        "(?i).*(\\.pem|\\.key|\\.p12|kubeconfig|id_rsa|settings\\.xml|\\.netrc|\\.git/|\\.java)$"))
                .isEmpty();
        assertThat(image(name).config().toString())
                .doesNotContain(Path.of("..").toRealPath().toString());
        // One time for all files; jib gives the directories above them its own.
        assertThat(image(name).files()).extracting(ArchiveContent.Entry::time).containsOnly(1767225600000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "trainer"})
    void itsBillListsEveryJarAndEveryLibraryThatIsInIt(String name) throws IOException {
        Set<String> billed = billed(bill(name));
        List<String> missing = new ArrayList<>();
        for (ArchiveContent.Entry file : image(name).files()) {
            boolean library = file.name().endsWith(".jar") || file.name().matches(".*\\.so(\\.\\d+)*");
            // The runtime's own are the runtime's.
            if (library && !file.path().contains("/runtime/") && !billed.contains(file.sha256())) {
                missing.add(file.path());
            }
        }
        assertThat(missing).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "trainer"})
    void itsBillListsNothingElseAndHasNoTime(String name) throws IOException {
        Set<String> present =
                image(name).files().stream().map(ArchiveContent.Entry::sha256).collect(Collectors.toSet());
        JsonNode bill = bill(name);

        assertThat(present).containsAll(billed(bill));
        assertThat(bill.has("serialNumber")).isFalse();
        assertThat(bill.at("/metadata").has("timestamp")).isFalse();
        assertThat(bill.at("/components").findValuesAsText("purl"))
                .anyMatch(purl -> purl.startsWith("pkg:generic/openjdk@25"))
                .anyMatch(purl -> purl.startsWith("pkg:deb/debian/libc6@"))
                .anyMatch(purl -> purl.startsWith("pkg:maven/com.fasterxml.jackson.core/jackson-databind@"));
        assertThat(Files.readString(IMAGES.resolve(name + ".cdx.json")))
                .isEqualTo(image(name).texts().get("/usr/share/sbom/%s.cdx.json".formatted(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "trainer"})
    void saysWhatItIs(String name) throws IOException {
        JsonNode labels = image(name).config().at("/config/Labels");

        assertThat(labels.get("org.opencontainers.image.title").asText()).isEqualTo("safe-fine-tune " + name);
        assertThat(labels.get("org.opencontainers.image.version").asText())
                .isEqualTo(Files.readString(Path.of("../charts/safe-fine-tune-operator/Chart.yaml"))
                        .replaceFirst("(?s).*\\nappVersion: *(\\S+).*", "$1"));
        assertThat(labels.get("org.opencontainers.image.licenses").asText()).isEqualTo("Apache-2.0");
    }

    @Test
    void whatChangesSeldomLiesBelow() throws IOException {
        assertThat(image("trainer").files().stream()
                        .collect(Collectors.groupingBy(
                                ArchiveContent.Entry::layer,
                                java.util.LinkedHashMap::new,
                                Collectors.summingLong(ArchiveContent.Entry::bytes)))
                        .values())
                .last()
                .satisfies(application -> assertThat(application).isLessThan(20_000_000L));
    }
}
