package canary.first.room;

import canary.second.room.Egg;

/** Comes from the egg. */
public record Hen(Egg egg) {}
