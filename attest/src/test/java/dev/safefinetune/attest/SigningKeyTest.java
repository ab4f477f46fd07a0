package dev.safefinetune.attest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;

class SigningKeyTest {
    @Test
    void aKeyIsReadAsItWasWritten() throws AttestException {
        SigningKey key = SigningKey.generate();
        SigningKey read = SigningKey.parse(key.pem(), key.verifying().pem());
        assertThat(read.verifying()).isEqualTo(key.verifying());
        assertThat(key.toString())
                .doesNotContain("PRIVATE")
                .contains(key.verifying().id());
    }

    @Test
    void keysThatAreNoPairAreRefused() {
        SigningKey key = SigningKey.generate();
        String other = SigningKey.generate().verifying().pem();
        assertThatExceptionOfType(AttestException.class)
                .isThrownBy(() -> SigningKey.parse(key.pem(), other))
                .withMessage("the private key and the public key are not of one pair");
    }

    @Test
    void keysOfOtherKindsAreRefusedByName() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));
        KeyPair pair = generator.generateKeyPair();
        SigningKey key = SigningKey.generate();
        assertThatExceptionOfType(AttestException.class)
                .isThrownBy(() -> VerifyingKey.parse(
                        "x.pub", PemText.write("PUBLIC KEY", pair.getPublic().getEncoded())))
                .withMessage("x.pub must be a key of the curve P-256");
        String larger = PemText.write("PRIVATE KEY", pair.getPrivate().getEncoded());
        assertThatExceptionOfType(AttestException.class)
                .isThrownBy(() -> SigningKey.parse(larger, key.verifying().pem()))
                .withMessageContaining("not of one pair");
        String encrypted = PemText.write("ENCRYPTED SIGSTORE PRIVATE KEY", new byte[10]);
        assertThatExceptionOfType(AttestException.class)
                .isThrownBy(() -> SigningKey.parse(encrypted, key.verifying().pem()))
                .withMessageContaining("needs a password");
        assertThatExceptionOfType(AttestException.class)
                .isThrownBy(() -> VerifyingKey.parse("x.pub", key.pem()))
                .withMessageContaining("must be PEM with a block 'PUBLIC KEY', and has 'PRIVATE KEY'");
        assertThatExceptionOfType(AttestException.class)
                .isThrownBy(() -> VerifyingKey.parse(
                        "x.pub", "notAfter: soon\n" + key.verifying().pem()))
                .withMessageContaining("right would be notAfter: 2027");
    }
}
