package dev.safefinetune.images;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.stream.Stream;

/**
 * The public certificate authorities that the runtime trusts: Mozilla's, as Debian's package ca-certificates ships them,
 * and never those that somebody added to the machine that builds.
 */
final class TrustedRoots {
    private static final Path MOZILLA = Path.of("/usr/share/ca-certificates/mozilla");

    private TrustedRoots() {}

    /** Writes a key store without a password; its bytes depend on the certificates alone. */
    static void writeTo(Path file) throws IOException {
        if (!Files.isDirectory(MOZILLA)) {
            throw new IOException("%s is missing: install Debian's package ca-certificates".formatted(MOZILLA));
        }
        try (Stream<Path> found = Files.list(MOZILLA)) {
            List<Path> certificates = found.filter(path -> path.toString().endsWith(".crt"))
                    .sorted()
                    .toList();
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (Path certificate : certificates) {
                try (InputStream pem = Files.newInputStream(certificate)) {
                    store.setCertificateEntry(
                            certificate.getFileName().toString().replace(".crt", ""), factory.generateCertificate(pem));
                }
            }
            // A JDK's file may be a link to the machine's.
            Files.deleteIfExists(file);
            try (var out = Files.newOutputStream(file)) {
                store.store(out, null);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates of %s do not make a key store".formatted(MOZILLA), e);
        }
    }
}
