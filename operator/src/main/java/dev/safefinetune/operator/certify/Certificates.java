package dev.safefinetune.operator.certify;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What is kept in the Secret.
 *
 * @param authorities certificates that pods are to trust, the newest first
 * @param authorityKey of the newest authority
 * @param serving the certificate that is shown to pods; of one of the authorities
 * @param servingKey its key
 */
record Certificates(
        List<X509Certificate> authorities, PrivateKey authorityKey, X509Certificate serving, PrivateKey servingKey) {
    Certificates {
        authorities = List.copyOf(authorities);
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one authority");
        }
    }

    X509Certificate newest() {
        return authorities.getFirst();
    }

    /** Never a key. */
    @Override
    public String toString() {
        return "Certificates[authorities=" + authorities.size() + ", serving until "
                + serving.getNotAfter().toInstant() + "]";
    }
}
