package dev.safefinetune.images;

import com.github.packageurl.PackageURL;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Metadata;

/**
 * The bill of materials of an image, in CycloneDX: the Java runtime, each jar, each native library and the system package
 * that it came from. It has neither time nor serial number, so that the same image has the same bill.
 */
final class Bill {
    private final List<Component> components = new ArrayList<>();
    private final String name;
    private final String version;

    Bill(String name, String version) {
        this.name = name;
        this.version = version;
    }

    void runtime(Properties release) {
        Component component =
                component(Component.Type.PLATFORM, "openjdk", release.getProperty("JAVA_RUNTIME_VERSION"));
        component.setPublisher(release.getProperty("IMPLEMENTOR"));
        component.setPurl("pkg:generic/openjdk@%s"
                .formatted(release.getProperty("JAVA_RUNTIME_VERSION").replace("+", "%2B")));
        components.add(component);
    }

    /** Every jar under a directory of the tree; the build's own are parts of the application. */
    void jars(RootTree tree, String directory, Coordinates coordinates) throws IOException {
        for (Path file : new RootTree(tree.at(directory)).files()) {
            String fileName = file.getFileName().toString();
            if (!fileName.endsWith(".jar")) {
                continue;
            }
            PackageURL purl = coordinates.byFile().get(fileName);
            Component component = purl == null
                    ? component(Component.Type.APPLICATION, fileName, version)
                    : component(Component.Type.LIBRARY, purl.getName(), purl.getVersion());
            if (purl != null) {
                component.setGroup(purl.getNamespace());
                component.setPurl(purl);
            }
            component.addHash(sha256(file));
            components.add(component);
        }
    }

    /** Native libraries that came with jars. */
    void natives(RootTree natives, String place) throws IOException {
        for (Path file : natives.binaries()) {
            Component component = component(
                    Component.Type.FILE, "/" + place + "/" + natives.root().relativize(file), null);
            component.addHash(sha256(file));
            components.add(component);
        }
    }

    /** The JDK's library that makes a program of the application. */
    void launcher(Path file, String place) throws IOException {
        Component component = component(Component.Type.FILE, place, null);
        component.addHash(sha256(file));
        components.add(component);
    }

    /** Shared libraries of the machine, under the packages that own them. */
    void system(RootTree tree, Set<Path> libraries) throws IOException {
        for (SystemPackage owner : SystemPackage.owning(libraries)) {
            Component component = component(Component.Type.LIBRARY, owner.name(), owner.version());
            component.setPurl(owner.purl());
            for (Path library : owner.files()) {
                Component file = component(Component.Type.FILE, library.toString(), null);
                file.addHash(sha256(tree.at(library.toString().substring(1))));
                component.addComponent(file);
            }
            components.add(component);
        }
    }

    String json() throws IOException {
        Bom bom = new Bom();
        Metadata metadata = new Metadata();
        metadata.setTimestamp(null);
        metadata.setComponent(component(Component.Type.CONTAINER, name, version));
        bom.setMetadata(metadata);
        bom.setComponents(components);
        try {
            return BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString() + "\n";
        } catch (GeneratorException e) {
            throw new IOException("the bill of materials of %s cannot be written".formatted(name), e);
        }
    }

    private static Component component(
            Component.Type type, String name, @org.jspecify.annotations.Nullable String version) {
        Component component = new Component();
        component.setType(type);
        component.setName(name);
        component.setVersion(version);
        return component;
    }

    static Hash sha256(Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return new Hash(Hash.Algorithm.SHA_256, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
