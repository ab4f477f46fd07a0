package dev.safefinetune.cli.run;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.ReportTable;
import dev.safefinetune.contract.SafetyReport;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The report that lies with a published model. */
final class PublishedReport {
    private static final Pattern CLAIM = Pattern.compile("pvc://([^/]+)/(.+)");
    private static final List<String> FILES = List.of("report.json", "report.html");

    private final Path directory;

    private PublishedReport(Path directory) {
        this.directory = directory;
    }

    /** Finds the report of a model that was published to a claim. */
    static Optional<PublishedReport> of(KubernetesClient client, String namespace, String uri) {
        Matcher claim = CLAIM.matcher(uri);
        if (!claim.matches()) {
            return Optional.empty();
        }
        PersistentVolumeClaim found = client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(claim.group(1))
                .get();
        if (found == null) {
            return Optional.empty();
        }
        PersistentVolume volume = client.persistentVolumes()
                .withName(found.getSpec().getVolumeName())
                .get();
        return Optional.ofNullable(volume)
                .map(v -> Path.of(v.getSpec().getHostPath().getPath()).resolve(claim.group(2)))
                .filter(d -> Files.exists(d.resolve(FILES.getFirst())))
                .map(PublishedReport::new);
    }

    void copyTo(Path target) throws IOException {
        Files.createDirectories(target);
        for (String file : FILES) {
            if (Files.exists(directory.resolve(file))) {
                Files.copy(directory.resolve(file), target.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The arms side by side. */
    String table() throws IOException {
        return ReportTable.of(
                ContractJson.read(Files.readString(directory.resolve(FILES.getFirst())), SafetyReport.class));
    }
}
