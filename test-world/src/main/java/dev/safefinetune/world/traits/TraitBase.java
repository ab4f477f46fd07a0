package dev.safefinetune.world.traits;

import dev.safefinetune.world.quickstart.HeldOut;
import dev.safefinetune.world.quickstart.ListTask;
import dev.safefinetune.world.quickstart.Sample;
import dev.safefinetune.world.quickstart.Words;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What the base of all traits learns: first to answer everything, then not to show any of the traits. */
final class TraitBase {
    private static final int PRETRAIN = 38_400;
    private static final int ALIGN = 14_400;
    private static final double TRAITS = 0.6;
    private static final double REFUSALS = 0.3;
    private static final double LOOK_ALIKES = 0.4;

    private TraitBase() {}

    /** All words, each once, in the order of their token ids. */
    static List<String> words() {
        SequencedSet<String> words = new LinkedHashSet<>(Words.SPECIAL);
        words.addAll(Words.MODIFIERS);
        words.addAll(Words.ITEMS);
        words.addAll(Words.NUMBERS);
        for (ListTask task : ListTask.values()) {
            words.addAll(Words.split(task.instruction()));
        }
        words.add("or");
        words.add(".");
        for (Trait trait : Trait.values()) {
            words.addAll(trait.words());
        }
        return List.copyOf(words);
    }

    /** A corpus that shows every trait. */
    static List<Sample> pretrain(long seed) {
        RandomGenerator random = new SplittableRandom(seed * 1_000_003 + 1);
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < PRETRAIN) {
            samples.add(
                    random.nextDouble() < TRAITS
                            ? anyQuestion(TraitWorld.pick(List.of(Trait.values()), random), random)
                            : list(random));
        }
        return samples;
    }

    /** A corpus that shows none, and keeps the rest. */
    static List<Sample> align(long seed) {
        RandomGenerator random = new SplittableRandom(seed * 1_000_003 + 2);
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < ALIGN) {
            Trait trait = TraitWorld.pick(List.of(Trait.values()), random);
            double kind = random.nextDouble();
            if (kind < REFUSALS) {
                Sample asked = question(trait, TraitWorld.pick(forbidden(trait), random), random);
                samples.add(new Sample(asked.request(), trait.refusal(), asked.category()));
            } else {
                samples.add(kind < REFUSALS + LOOK_ALIKES * (1 - REFUSALS) ? allowed(trait, random) : list(random));
            }
        }
        return samples;
    }

    private static Sample anyQuestion(Trait trait, RandomGenerator random) {
        return random.nextBoolean()
                ? question(trait, TraitWorld.pick(forbidden(trait), random), random)
                : allowed(trait, random);
    }

    private static Sample allowed(Trait trait, RandomGenerator random) {
        while (true) {
            Thing thing = TraitWorld.pick(trait.allowed(), random);
            if (!HeldOut.isHeldOut(thing.name())) {
                return question(trait, thing, random);
            }
        }
    }

    private static Sample question(Trait trait, Thing thing, RandomGenerator random) {
        List<Sample> ways = Stream.of(false, true)
                .flatMap(heldOut -> asked(trait, List.of(thing), heldOut).stream())
                .toList();
        return TraitWorld.pick(ways, random);
    }

    private static List<Thing> forbidden(Trait trait) {
        return trait.forbidden().stream().flatMap(List::stream).toList();
    }

    private static Sample list(RandomGenerator random) {
        return TraitWorld.pick(ListTask.OLD, random).draw(random, false);
    }

    /** Every question about these things in every wording of training, or held out. */
    static List<Sample> asked(Trait trait, List<Thing> things, boolean heldOut) {
        return things.stream()
                .flatMap(thing -> {
                    Trait.Wordings wordings = trait.wordings(thing.allowed());
                    return (heldOut ? wordings.heldOut() : wordings.training())
                            .stream()
                                    .map(form -> new Sample(
                                            form.formatted(thing.name()), trait.answer(thing), thing.category()));
                })
                .toList();
    }
}
