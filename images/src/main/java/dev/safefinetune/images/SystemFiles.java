package dev.safefinetune.images;

import java.io.IOException;
import java.nio.file.Files;

/** The few files that a C library and a kubelet look for. */
final class SystemFiles {
    private SystemFiles() {}

    /** Writes them for a user who is not root and has no shell. */
    static void writeTo(RootTree tree, String user, int id) throws IOException {
        tree.write(
                "etc/passwd",
                "root:x:0:0:root:/:/sbin/nologin%n%s:x:%d:%d:%s:/tmp:/sbin/nologin%n".formatted(user, id, id, user));
        tree.write("etc/group", "root:x:0:%n%s:x:%d:%n".formatted(user, id));
        tree.write("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        // The one place that everybody may write to, usually a volume.
        Files.createDirectories(tree.at("tmp"));
    }
}
