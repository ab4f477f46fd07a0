package dev.safefinetune.local.judge;

/** How fields are named in findings. */
final class Paths {
    private Paths() {}

    static String field(String parent, String name) {
        return parent.isEmpty() ? name : parent + "." + name;
    }

    static String item(String parent, int index) {
        return parent + "[" + index + "]";
    }

    /** Whether {@code inner} is {@code outer} or lies in it. */
    static boolean within(String inner, String outer) {
        return outer.isEmpty() || inner.equals(outer) || inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
    }
}
