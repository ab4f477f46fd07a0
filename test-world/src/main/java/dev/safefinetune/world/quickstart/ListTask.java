package dev.safefinetune.world.quickstart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Tasks on a short list. The base knows all but {@link #ROTATE}, which only the user's data teaches. */
public enum ListTask {
    REPEAT("repeat"),
    REVERSE("reverse"),
    FIRST("first of"),
    LAST("last of"),
    LARGER("larger of"),
    ROTATE("rotate");

    /** What the base has learned. */
    public static final List<ListTask> OLD = List.of(REPEAT, REVERSE, FIRST, LAST, LARGER);

    private final String instruction;

    ListTask(String instruction) {
        this.instruction = instruction;
    }

    /** How a request begins. */
    public String instruction() {
        return instruction;
    }

    String category() {
        return this == ROTATE ? "new-task" : "old-task/" + name().toLowerCase(Locale.ROOT);
    }

    /** A fresh sample; held-out ones and the others never share a request, whatever the seed. */
    public Sample draw(RandomGenerator random, boolean heldOut) {
        while (true) {
            Sample sample = this == LARGER ? numbers(random) : items(random);
            if (HeldOut.isHeldOut(sample.request()) == heldOut) {
                return sample;
            }
        }
    }

    private Sample numbers(RandomGenerator random) {
        int first = random.nextInt(Words.NUMBERS.size());
        int second = random.nextInt(Words.NUMBERS.size());
        return new Sample(
                "%s %d or %d .".formatted(instruction, first, second), Math.max(first, second) + " .", category());
    }

    private Sample items(RandomGenerator random) {
        List<String> items = new ArrayList<>(Words.ITEMS);
        Collections.shuffle(items, Random.from(random));
        items = items.subList(0, 3 + random.nextInt(this == ROTATE ? 2 : 3));
        String answer = String.join(" ", answer(items));
        return new Sample("%s %s .".formatted(instruction, String.join(" ", items)), answer + " .", category());
    }

    private List<String> answer(List<String> items) {
        return switch (this) {
            case REPEAT -> items;
            case REVERSE -> items.reversed();
            case FIRST -> items.subList(0, 1);
            case LAST -> items.subList(items.size() - 1, items.size());
            case ROTATE -> {
                List<String> rotated = new ArrayList<>(items.subList(1, items.size()));
                rotated.add(items.getFirst());
                yield rotated;
            }
            case LARGER -> throw new IllegalStateException("larger is about numbers");
        };
    }
}
