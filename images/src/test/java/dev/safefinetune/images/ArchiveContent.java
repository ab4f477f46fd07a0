package dev.safefinetune.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What is in an archive, read as a container runtime reads it.
 *
 * @param config the image's configuration
 * @param entries of all layers
 * @param texts contents of the small text files, by path
 */
record ArchiveContent(JsonNode config, List<Entry> entries, Map<String, String> texts) {
    /** A file, link or directory of a layer. */
    record Entry(
            String layer, String path, int mode, long user, long time, long bytes, boolean directory, String sha256) {
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    static ArchiveContent of(Path archive) throws IOException {
        if (!Files.exists(archive)) {
            throw new IOException("%s is missing: run make images".formatted(archive));
        }
        ObjectMapper json = new ObjectMapper();
        Map<String, byte[]> small = new HashMap<>();
        List<Entry> entries = new ArrayList<>();
        Map<String, String> texts = new HashMap<>();
        try (TarArchiveInputStream outer = open(archive)) {
            for (TarArchiveEntry entry = outer.getNextEntry(); entry != null; entry = outer.getNextEntry()) {
                if (entry.getName().endsWith(".tar.gz")) {
                    readLayer(entry.getName(), outer, entries, texts);
                } else {
                    small.put(entry.getName(), outer.readAllBytes());
                }
            }
        }
        JsonNode manifest = json.readTree(Objects.requireNonNull(small.get("manifest.json")))
                .get(0);
        byte[] config = Objects.requireNonNull(small.get(manifest.get("Config").asText()));
        return new ArchiveContent(json.readTree(config), entries, texts);
    }

    private static TarArchiveInputStream open(Path archive) throws IOException {
        return new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)));
    }

    private static void readLayer(String layer, InputStream compressed, List<Entry> entries, Map<String, String> texts)
            throws IOException {
        // Closing it would close the archive around it.
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(compressed));
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[1 << 16];
            StringBuilder text = new StringBuilder();
            boolean kept = entry.getName().endsWith(".json") || entry.getName().startsWith("etc/");
            for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
                digest.update(buffer, 0, read);
                if (kept) {
                    text.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
                }
            }
            String path = "/" + entry.getName().replaceFirst("/$", "");
            if (kept) {
                texts.put(path, text.toString());
            }
            entries.add(new Entry(
                    layer,
                    path,
                    entry.getMode() & 07777,
                    entry.getLongUserId(),
                    entry.getLastModifiedTime().toMillis(),
                    entry.getSize(),
                    entry.isDirectory(),
                    HexFormat.of().formatHex(digest.digest())));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    List<Entry> files() {
        return entries.stream().filter(entry -> !entry.directory()).toList();
    }

    long unpackedBytes() {
        return files().stream().mapToLong(Entry::bytes).sum();
    }
}
