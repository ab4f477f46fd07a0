package canary.second.room;

import canary.first.room.Hen;
import org.jspecify.annotations.Nullable;

/** Comes from the hen. */
public record Egg(@Nullable Hen hen) {}
