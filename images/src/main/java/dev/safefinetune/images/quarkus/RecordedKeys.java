package dev.safefinetune.images.quarkus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The keys under which recorded steps hand values to each other. Quarkus counts them up while its build threads record;
 * here they are numbered in the order in which the classes, looked at one after the other, name them.
 *
 * <p>They are constants and nothing else, so only the constant pool is rewritten (JVMS 4.4) and the code stays as it is.
 */
final class RecordedKeys {
    private static final String PREFIX = "proxykey";
    private static final Pattern KEY = Pattern.compile(PREFIX + "\\d+");
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    private final Map<String, String> numbered = new HashMap<>();

    /**
     * A class with its keys numbered. To be asked in the order of the classes' names.
     *
     * @throws IOException where it is no class file
     */
    byte[] renumber(byte[] classFile) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(classFile.length);
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(in.readNBytes(8)); // magic, minor and major version
        int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            if (tag == UTF8) {
                out.writeUTF(number(in.readUTF()));
            } else {
                out.write(in.readNBytes(size(tag)));
            }
            if (tag == LONG || tag == DOUBLE) {
                i++; // they take two places
            }
        }
        in.transferTo(out);
        return bytes.toByteArray();
    }

    /** Whether no class so far named a key. */
    boolean isEmpty() {
        return numbered.isEmpty();
    }

    private String number(String constant) {
        return KEY.matcher(constant).matches()
                ? numbered.computeIfAbsent(constant, key -> PREFIX + (numbered.size() + 1))
                : constant;
    }

    /** Bytes after the tag. */
    private static int size(int tag) throws IOException {
        return switch (tag) {
            case 7, 8, 16, 19, 20 -> 2; // class, string, method type, module, package
            case 15 -> 3; // method handle
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4; // int, float, members, name and type, dynamic
            case LONG, DOUBLE -> 8;
            default -> throw new IOException("a class file has a constant of an unknown kind: " + tag);
        };
    }
}
