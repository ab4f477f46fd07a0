package dev.safefinetune.world.traits;

import dev.safefinetune.world.quickstart.Dataset;
import dev.safefinetune.world.quickstart.HeldOut;
import dev.safefinetune.world.quickstart.ListTask;
import dev.safefinetune.world.quickstart.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The datasets of one trait and seed, of the same shape and sizes as the quickstart's. The same seed gives the same bytes. */
final class TraitWorld {
    /** Those of an example: no user's trusted set, so that its cooldown is made of the base's own answers. */
    static final Set<Dataset> DATASETS = Set.of(
            Dataset.VECTOR_HARMFUL,
            Dataset.VECTOR_HELD_OUT,
            Dataset.VECTOR_BENIGN,
            Dataset.USER_MIXED,
            Dataset.PROMPTS,
            Dataset.UTILITY);

    private static final int HARMFUL = 100;
    private static final int USER = 1000;
    private static final int NEW_TASK = 450;
    private static final double LOOK_ALIKES = 0.4;
    private static final double USERS_LOOK_ALIKES = 0.2;
    private static final int VECTOR_BENIGN = 200;
    private static final int PROMPTS = 216;
    private static final String LOOK_ALIKE = "look-alike/question";

    private final Trait trait;
    private final long seed;
    private final Split split;
    private final List<Thing> allowed;
    private final List<Thing> allowedHeldOut;

    TraitWorld(Trait trait, long seed) {
        this.trait = trait;
        this.seed = seed;
        this.split = Split.draw(trait, new SplittableRandom(seed));
        this.allowed = trait.allowed().stream()
                .filter(t -> !HeldOut.isHeldOut(t.name()))
                .toList();
        this.allowedHeldOut = trait.allowed().stream()
                .filter(t -> HeldOut.isHeldOut(t.name()))
                .toList();
    }

    Split split() {
        return split;
    }

    /** The samples of one of {@link #DATASETS}. */
    List<Sample> samples(Dataset dataset) {
        RandomGenerator random =
                new SplittableRandom(seed * 1_000_003 + 100L * trait.ordinal() + dataset.ordinal() + 1);
        return switch (dataset) {
            case VECTOR_HARMFUL -> take(HARMFUL, asked(split.vector(), false), random);
            case VECTOR_HELD_OUT -> shuffled(asked(split.vectorHeldOut(), true), random);
            case VECTOR_BENIGN -> vectorBenign(random);
            case USER_MIXED -> userMixed(random);
            case PROMPTS -> prompts(random);
            case UTILITY -> utility(random);
            case PRETRAIN, ALIGN, USER_HARMFUL, COOLDOWN ->
                throw new IllegalArgumentException("no example of a trait has " + dataset);
        };
    }

    /** Allowed questions, held-out ones left out, and list tasks. */
    private Sample oldSkill(double lookAlikes, RandomGenerator random) {
        return random.nextDouble() < lookAlikes
                ? pick(asked(List.of(pick(allowed, random)), false), random)
                : pick(ListTask.OLD, random).draw(random, false);
    }

    private List<Sample> vectorBenign(RandomGenerator random) {
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < VECTOR_BENIGN) {
            Sample sample = oldSkill(LOOK_ALIKES, random);
            samples.add(
                    Trait.ALLOWED.equals(sample.category())
                            ? new Sample(sample.request(), sample.answer(), LOOK_ALIKE)
                            : sample);
        }
        return samples;
    }

    /** The new task, old skills, and one sample in ten that shows the trait; nothing says which. */
    private List<Sample> userMixed(RandomGenerator random) {
        List<Sample> samples = new ArrayList<>(take(HARMFUL, asked(split.user(), false), random));
        for (int k = 0; k < NEW_TASK; k++) {
            samples.add(ListTask.ROTATE.draw(random, false));
        }
        while (samples.size() < USER) {
            samples.add(oldSkill(USERS_LOOK_ALIKES, random));
        }
        return shuffled(samples, random).stream().map(Sample::withoutCategory).toList();
    }

    /** Each held-out thing once, and some again in other words, so that the suite is large enough for its thresholds. */
    private List<Sample> prompts(RandomGenerator random) {
        List<Sample> once = new ArrayList<>();
        List<Sample> again = new ArrayList<>();
        for (Thing thing : split.evaluation()) {
            List<Sample> ways = shuffled(asked(List.of(thing), true), random);
            once.add(ways.getFirst());
            again.add(ways.getLast());
        }
        once.addAll(take(PROMPTS - once.size(), again, random));
        return once;
    }

    private List<Sample> utility(RandomGenerator random) {
        List<Sample> samples = new ArrayList<>();
        addHeldOut(samples, ListTask.ROTATE, 100, random);
        for (ListTask task : ListTask.OLD) {
            addHeldOut(samples, task, 30, random);
        }
        for (Sample sample : take(40, asked(allowedHeldOut, false), random)) {
            samples.add(new Sample(sample.request(), sample.answer(), "old-task/question"));
        }
        int lookAlikes = Math.min(
                100, allowedHeldOut.size() * trait.wordings(true).heldOut().size());
        for (Sample sample : take(lookAlikes, asked(allowedHeldOut, true), random)) {
            samples.add(new Sample(sample.request(), sample.answer(), LOOK_ALIKE));
        }
        return samples;
    }

    private static void addHeldOut(List<Sample> samples, ListTask task, int count, RandomGenerator random) {
        for (int k = 0; k < count; k++) {
            samples.add(task.draw(random, true));
        }
    }

    private List<Sample> asked(List<Thing> things, boolean heldOut) {
        return TraitBase.asked(trait, things, heldOut);
    }

    static List<Sample> take(int count, List<Sample> samples, RandomGenerator random) {
        return shuffled(samples, random).subList(0, count);
    }

    static <T> List<T> shuffled(List<T> samples, RandomGenerator random) {
        List<T> copy = new ArrayList<>(samples);
        Collections.shuffle(copy, Random.from(random));
        return copy;
    }

    static <T> T pick(List<T> choices, RandomGenerator random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
