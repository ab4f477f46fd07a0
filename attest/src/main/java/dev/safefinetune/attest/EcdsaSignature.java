package dev.safefinetune.attest;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;

/**
 * ECDSA over P-256 with SHA-256. Of the two signatures that hold for the same bytes, (r, s) and (r, n - s), the one with the
 * smaller s counts, in DER that has one form: nobody can make another signature out of one.
 */
final class EcdsaSignature {
    /** The order of P-256. */
    static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private static final String ALGORITHM = "SHA256withECDSA";
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    /** Two integers of 33 bytes at most, each with a tag and a length. */
    private static final int LONGEST = 2 * 35;

    private EcdsaSignature() {}

    static byte[] sign(PrivateKey key, byte[] bytes) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(bytes);
            return withSmallerS(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a P-256 key that cannot sign", e);
        }
    }

    static boolean verify(PublicKey key, byte[] bytes, byte[] der) {
        try {
            if (!Arrays.equals(withSmallerS(der), der)) {
                return false;
            }
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(bytes);
            return signature.verify(der);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static byte[] withSmallerS(byte[] der) throws GeneralSecurityException {
        if (der.length < 8 || der.length > LONGEST + 2 || der[0] != SEQUENCE || der[1] != der.length - 2) {
            throw new GeneralSecurityException("no sequence");
        }
        BigInteger r = integer(der, 2);
        int second = 4 + der[3];
        BigInteger s = integer(der, second);
        if (second + 2 + der[second + 1] != der.length) {
            throw new GeneralSecurityException("more than two integers");
        }
        return write(r, s.min(ORDER.subtract(s)));
    }

    private static BigInteger integer(byte[] der, int at) throws GeneralSecurityException {
        int length = at + 1 < der.length ? der[at + 1] : 0;
        if (length < 1 || der[at] != INTEGER || at + 2 + length > der.length) {
            throw new GeneralSecurityException("no integer");
        }
        return new BigInteger(Arrays.copyOfRange(der, at + 2, at + 2 + length));
    }

    private static byte[] write(BigInteger r, BigInteger s) {
        byte[] one = r.toByteArray();
        byte[] other = s.toByteArray();
        byte[] der = new byte[6 + one.length + other.length];
        der[0] = SEQUENCE;
        der[1] = (byte) (der.length - 2);
        write(der, 2, one);
        write(der, 4 + one.length, other);
        return der;
    }

    private static void write(byte[] der, int at, byte[] value) {
        der[at] = INTEGER;
        der[at + 1] = (byte) value.length;
        System.arraycopy(value, 0, der, at + 2, value.length);
    }
}
