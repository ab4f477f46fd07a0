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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The report of a model: beside a published one, or, where it was refused, in a directory of its own. */
final class KeptReport {
    private static final Pattern CLAIM = Pattern.compile("pvc://([^/]+)/(.+)");
    private final Path directory;
    private final Form form;

    /** By which names it goes. */
    private enum Form {
        PUBLISHED("report"),
        REFUSED("refused");

        private final String name;

        Form(String name) {
            this.name = name;
        }

        String data() {
            return name + ".json";
        }

        String page() {
            return name + ".html";
        }
    }

    private KeptReport(Path directory, Form form) {
        this.directory = directory;
        this.form = form;
    }

    /** Finds the report in a directory of a claim. */
    static Optional<KeptReport> of(KubernetesClient client, String namespace, String uri) {
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
                .flatMap(KeptReport::in);
    }

    private static Optional<KeptReport> in(Path directory) {
        return Stream.of(Form.values())
                .filter(form -> Files.exists(directory.resolve(form.data())))
                .map(form -> new KeptReport(directory, form))
                .findFirst();
    }

    /** The page for people. */
    Path page() {
        return directory.resolve(form.page());
    }

    /** Copies it under the names of a published model's, whichever it is. */
    void copyTo(Path target) throws IOException {
        Files.createDirectories(target);
        copy(form.data(), target.resolve(Form.PUBLISHED.data()));
        copy(form.page(), target.resolve(Form.PUBLISHED.page()));
    }

    private void copy(String name, Path to) throws IOException {
        if (Files.exists(directory.resolve(name))) {
            Files.copy(directory.resolve(name), to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The arms side by side. */
    String table() throws IOException {
        return ReportTable.of(ContractJson.read(Files.readString(directory.resolve(form.data())), SafetyReport.class));
    }
}
