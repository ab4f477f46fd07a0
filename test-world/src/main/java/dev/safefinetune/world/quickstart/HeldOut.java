package dev.safefinetune.world.quickstart;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Which benign things no training ever sees. A property of the text alone, so that it is the same for the base, the
 * vector and the user's data whatever their seeds.
 */
public final class HeldOut {
    private HeldOut() {}

    /** True for about one text in eight. */
    public static boolean isHeldOut(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % 8 == 0;
    }
}
