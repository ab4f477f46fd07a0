package dev.safefinetune.operator.certify;

import java.net.InetAddress;
import java.util.Optional;
import org.bouncycastle.asn1.x509.GeneralName;

/** A server's name or address, as a certificate has it. */
final class HostName {
    private HostName() {}

    /** The entry of a certificate. */
    static GeneralName entry(String host) {
        return new GeneralName(address(host).isPresent() ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    /** Whether both say the same: an IPv6 address can be written in several ways. */
    static boolean isSame(String one, String other) {
        Optional<InetAddress> address = address(one);
        return one.equals(other) || address.isPresent() && address.equals(address(other));
    }

    /** The address that the text is; empty where it is a name. No name is looked up. */
    private static Optional<InetAddress> address(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
