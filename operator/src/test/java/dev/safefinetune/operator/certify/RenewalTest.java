package dev.safefinetune.operator.certify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RenewalTest {
    private static final Instant NOW = Instant.parse("2026-03-05T14:07:09Z");
    private static final String HOST = "operator.system.svc";

    private final Certificates first = Renewal.begin(HOST, NOW);

    /** Whether somebody who trusts these authorities would accept the certificate at that time. */
    private static void assertTrusted(List<X509Certificate> trusted, X509Certificate serving, Instant at) {
        assertThatCode(() -> serving.checkValidity(java.util.Date.from(at))).doesNotThrowAnyException();
        assertThat(trusted).anySatisfy(authority -> {
            authority.checkValidity(java.util.Date.from(at));
            assertThatCode(() -> serving.verify(authority.getPublicKey())).doesNotThrowAnyException();
        });
    }

    @Test
    void aFreshCertificateIsLeftAsItIs() {
        assertThat(Renewal.renew(first, HOST, NOW.plus(Duration.ofDays(59)))).isSameAs(first);
        assertTrusted(first.authorities(), first.serving(), NOW);
    }

    @Test
    void theServersCertificateIsRenewedAMonthBeforeItEnds() {
        Instant later = NOW.plus(Duration.ofDays(61));
        Certificates renewed = Renewal.renew(first, HOST, later);

        assertThat(renewed.authorities()).isEqualTo(first.authorities());
        assertThat(renewed.serving()).isNotEqualTo(first.serving());
        assertTrusted(first.authorities(), renewed.serving(), later);
    }

    @Test
    void anotherHostNameIsAnotherCertificateOfTheSameAuthority() {
        Certificates renewed = Renewal.renew(first, "127.0.0.1", NOW);

        assertThat(renewed.authorities()).isEqualTo(first.authorities());
        assertThat(Renewal.renew(renewed, "127.0.0.1", NOW)).isSameAs(renewed);
    }

    @Test
    void aClockThatIsTenMinutesBehindAcceptsANewCertificate() {
        assertTrusted(first.authorities(), first.serving(), NOW.minus(Duration.ofMinutes(10)));
    }

    /** The whole life of two authorities, a day at a time: no job of the last 150 days is ever left without trust. */
    @Tag("long")
    @Test
    void noJobThatRunsForAHundredAndFiftyDaysLosesItsTrust() {
        Certificates current = first;
        record Job(Instant since, List<X509Certificate> trusted) {}
        List<Job> jobs = new java.util.ArrayList<>();
        int changes = 0;
        for (int day = 0; day < 1_500; day++) {
            Instant today = NOW.plus(Duration.ofDays(day));
            Certificates next = Renewal.renew(current, HOST, today);
            changes += next == current ? 0 : 1;
            current = next;
            jobs.add(new Job(today, current.authorities()));
            jobs.removeIf(job -> job.since().isBefore(today.minus(Duration.ofDays(150))));
            X509Certificate shown = current.serving();
            jobs.forEach(job -> assertTrusted(job.trusted(), shown, today));
        }
        assertThat(changes).isBetween(20, 30);
        assertThat(current.authorities()).hasSizeLessThanOrEqualTo(2).isNotEqualTo(first.authorities());
    }

    @Test
    void anAuthorityThatHasEndedIsReplacedByANewOne() {
        Instant late = NOW.plus(Renewal.AUTHORITY_LIFE).plusSeconds(1);
        Certificates renewed = Renewal.renew(first, HOST, late);

        assertThat(renewed.authorities()).hasSize(1).doesNotContain(first.newest());
        assertTrusted(renewed.authorities(), renewed.serving(), late);
    }

    @Test
    void noTextOfThemHoldsAKey() {
        assertThat(first.toString()).doesNotContain("PRIVATE").hasSizeLessThan(200);
        assertThat(new ServingCertificate("a", "b", "KEY-CANARY", NOW).toString())
                .doesNotContain("KEY-CANARY");
    }
}
