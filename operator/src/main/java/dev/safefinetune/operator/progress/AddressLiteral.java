package dev.safefinetune.operator.progress;

/** An address as it stands in URLs, where an IPv6 address has brackets (RFC 3986), and as it stands everywhere else. */
final class AddressLiteral {
    private AddressLiteral() {}

    /** A host without the brackets that a URL has around it. */
    static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
