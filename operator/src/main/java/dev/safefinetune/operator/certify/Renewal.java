package dev.safefinetune.operator.certify;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * When certificates are made anew.
 *
 * <p>A job learns at its start whom to trust, and may run for months. So a new authority is announced half a year before
 * the old one ends, and the server goes on showing a certificate of the old one: what knows only the old one still trusts
 * it, and what starts from then on trusts both. The old authority's key is thrown away at that moment; it has signed the
 * last certificate that will be needed of it.
 */
final class Renewal {
    static final Duration AUTHORITY_LIFE = Duration.ofDays(730);
    static final Duration OVERLAP = Duration.ofDays(180);
    static final Duration SERVING_LIFE = Duration.ofDays(90);
    static final Duration SERVING_MARGIN = Duration.ofDays(30);

    private Renewal() {}

    /** Certificates from nothing. */
    static Certificates begin(String host, Instant now) {
        return under(Authority.create(now, AUTHORITY_LIFE), List.of(), host, now);
    }

    /** The certificates that should be now; the same object when they are right as they are. */
    static Certificates renew(Certificates current, String host, Instant now) {
        Authority newest = new Authority(current.newest(), current.authorityKey());
        if (!isGood(current.newest(), now)) {
            return begin(host, now);
        }
        if (remaining(current.newest(), now).compareTo(OVERLAP) < 0) {
            Authority next = Authority.create(now, AUTHORITY_LIFE);
            Authority.Issued last =
                    newest.issue(host, now, current.newest().getNotAfter().toInstant());
            return new Certificates(
                    withNewest(next.certificate(), current.authorities(), now),
                    next.key(),
                    last.certificate(),
                    last.key());
        }
        boolean right = isGood(current.serving(), now)
                && remaining(current.serving(), now).compareTo(SERVING_MARGIN) >= 0
                && isFor(host, current.serving())
                && isSignedByOneOf(current.authorities(), current.serving());
        return right
                ? current
                : under(
                        newest,
                        current.authorities().subList(1, current.authorities().size()),
                        host,
                        now);
    }

    private static Certificates under(Authority newest, List<X509Certificate> older, String host, Instant now) {
        Authority.Issued serving = newest.issue(host, now, now.plus(SERVING_LIFE));
        return new Certificates(
                withNewest(newest.certificate(), older, now), newest.key(), serving.certificate(), serving.key());
    }

    private static List<X509Certificate> withNewest(X509Certificate newest, List<X509Certificate> older, Instant now) {
        List<X509Certificate> all = new ArrayList<>(List.of(newest));
        older.stream().filter(authority -> isGood(authority, now)).forEach(all::add);
        return all;
    }

    private static boolean isGood(X509Certificate certificate, Instant now) {
        return now.isBefore(certificate.getNotAfter().toInstant());
    }

    private static Duration remaining(X509Certificate certificate, Instant now) {
        return Duration.between(now, certificate.getNotAfter().toInstant());
    }

    private static boolean isFor(String host, X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null && names.stream().anyMatch(name -> HostName.isSame(host, String.valueOf(name.get(1))));
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean isSignedByOneOf(List<X509Certificate> authorities, X509Certificate certificate) {
        return authorities.stream().anyMatch(authority -> {
            try {
                certificate.verify(authority.getPublicKey());
                return true;
            } catch (GeneralSecurityException e) {
                return false;
            }
        });
    }
}
