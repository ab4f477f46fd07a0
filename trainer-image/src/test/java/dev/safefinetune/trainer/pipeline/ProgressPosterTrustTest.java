package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.contract.Progress;
import dev.safefinetune.contract.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The token goes to the operator that the job spec vouches for, and to nobody else. */
class ProgressPosterTrustTest {
    private static final char[] PASSWORD = "not-secret".toCharArray();

    @TempDir
    Path root;

    private final AtomicInteger posts = new AtomicInteger();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final HttpsServer server;

    ProgressPosterTrustTest() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    /** A key and its own certificate for a name, from the JDK's keytool. */
    private KeyStore identity(String name, String subject) throws Exception {
        Path file = root.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=" + subject,
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static String pem(KeyStore identity) throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(identity.getCertificate("key").getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    private void serve(KeyStore identity) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            posts.incrementAndGet();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    /** What the log tells of one post, empty when it went well. */
    private String post(String authorities) throws IOException, InterruptedException {
        Files.writeString(root.resolve("token"), "CANARY-TOKEN");
        EventLog events = new EventLog(new PrintStream(log, true, StandardCharsets.UTF_8), Clock.systemUTC());
        ProgressTarget target =
                new ProgressTarget("https://127.0.0.1:" + server.getAddress().getPort(), "token", authorities, 5);
        try (ProgressPoster poster = new ProgressPoster(target, root, events)) {
            poster.accept(new Progress(Stage.TRAIN, 40, 9L, "steps", 4, 10, 0.5, 100.0, Instant.now(), null));
            for (int i = 0; i < 1000 && posts.get() == 0 && log.size() == 0; i++) {
                Thread.sleep(10);
            }
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void postsToAServerOfTheNamedAuthority() throws Exception {
        KeyStore operator = identity("operator", "ip:127.0.0.1");
        serve(operator);
        String told = post(pem(operator));
        assertThat(posts).as(told).hasValue(1);
    }

    @Test
    void aServerOfAnotherAuthorityIsToldNothing() throws Exception {
        serve(identity("stranger", "ip:127.0.0.1"));
        String told = post(pem(identity("operator", "ip:127.0.0.1")));
        assertThat(told).contains("progress not posted", "SSL").doesNotContain("CANARY");
        assertThat(posts).hasValue(0);
    }

    @Test
    void aServerOfAnotherNameIsToldNothing() throws Exception {
        KeyStore elsewhere = identity("elsewhere", "dns:elsewhere.test");
        serve(elsewhere);
        assertThat(post(pem(elsewhere))).contains("progress not posted", "SSL");
        assertThat(posts).hasValue(0);
    }

    @Test
    void anAuthorityThatCannotBeReadIsTrustedWithNothing() throws Exception {
        serve(identity("operator", "ip:127.0.0.1"));
        assertThat(post("-----BEGIN CERTIFICATE-----\nbm90IGE=\n-----END CERTIFICATE-----\n"))
                .contains("progress not posted", "CertificateException");
        assertThat(posts).hasValue(0);
    }
}
