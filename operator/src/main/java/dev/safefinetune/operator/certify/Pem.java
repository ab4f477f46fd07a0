package dev.safefinetune.operator.certify;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * Certificates and keys as text (RFC 7468). The JDK does it, so that Bouncy Castle, whose signed classes no class archive
 * holds, is left to what makes certificates: most starts only read them.
 */
final class Pem {
    private static final String KEY = "PRIVATE KEY";
    private static final int LINE = 64;

    private Pem() {}

    static String write(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            try {
                text.append(write("CERTIFICATE", certificate.getEncoded()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("a certificate that cannot be written", e);
            }
        }
        return text.toString();
    }

    static String write(PrivateKey key) {
        return write(KEY, key.getEncoded());
    }

    private static String write(String kind, byte[] content) {
        String text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(content);
        return begin(kind) + "\n" + text + "\n" + end(kind) + "\n";
    }

    private static String begin(String kind) {
        return "-----BEGIN " + kind + "-----";
    }

    private static String end(String kind) {
        return "-----END " + kind + "-----";
    }

    static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    static PrivateKey key(String text) throws GeneralSecurityException {
        int begin = text.indexOf(begin(KEY));
        int end = text.indexOf(end(KEY));
        if (begin < 0 || end < begin) {
            throw new GeneralSecurityException("no key");
        }
        try {
            byte[] content = Base64.getMimeDecoder()
                    .decode(text.substring(begin + begin(KEY).length(), end));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(content));
        } catch (IllegalArgumentException e) {
            // Without its cause, which may quote the key.
            throw new GeneralSecurityException("no key");
        }
    }
}
