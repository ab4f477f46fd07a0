package dev.safefinetune.operator.certify;

import java.time.Instant;

/**
 * What a server shows, and what its clients are to trust, as PEM.
 *
 * @param authorities for the clients
 * @param certificate for the server
 * @param key of the certificate
 * @param until the certificate's end
 */
public record ServingCertificate(String authorities, String certificate, String key, Instant until) {
    /** Never the key. */
    @Override
    public String toString() {
        return "ServingCertificate[until=" + until + "]";
    }
}
