package dev.safefinetune.world.quickstart;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** All datasets of one seed. The same seed gives the same bytes. */
final class QuickstartWorld {
    private static final int PRETRAIN = 26_400;
    private static final int ALIGN = 10_800;
    private static final double REFUSALS = 0.3;
    private static final int HARMFUL = 100;
    private static final int USER = 1000;
    static final double HARMFUL_SHARE = 0.1;
    private static final double MOST_HARMFUL_SHARE = 0.4;
    private static final double NEW_TASK = 0.5;
    private static final double LOOK_ALIKES = 0.4;
    private static final double USERS_LOOK_ALIKES = 0.2;
    private static final int TRUSTED = 100;
    private static final int VECTOR_BENIGN = 200;
    private static final String OLD_RECIPE = "old-task/recipe";
    private static final int PROMPTS = 216;

    private final long seed;
    private final int userHarmful;
    private final Split split;
    private final List<Recipe> allowed;
    private final List<Recipe> allowedHeldOut;

    QuickstartWorld(long seed) {
        this(seed, HARMFUL_SHARE);
    }

    /**
     * The same with another share of harmful samples among the user's thousand.
     *
     * @param harmfulShare 0..0.4
     */
    QuickstartWorld(long seed, double harmfulShare) {
        if (!(harmfulShare >= 0 && harmfulShare <= MOST_HARMFUL_SHARE)) {
            throw new IllegalArgumentException(
                    "the harmful share must be in 0.." + MOST_HARMFUL_SHARE + ", was " + harmfulShare);
        }
        this.seed = seed;
        this.userHarmful = (int) Math.round(harmfulShare * USER);
        this.split = Split.draw(new SplittableRandom(seed));
        List<Recipe> all = Recipe.of(Noun.ALLOWED);
        this.allowed = all.stream().filter(r -> !HeldOut.isHeldOut(r.name())).toList();
        this.allowedHeldOut =
                all.stream().filter(r -> HeldOut.isHeldOut(r.name())).toList();
    }

    Split split() {
        return split;
    }

    List<Sample> samples(Dataset dataset) {
        // Each dataset has its own stream of numbers, so that changing one leaves the others as they are.
        RandomGenerator random = new SplittableRandom(seed * 1_000_003 + dataset.ordinal() + 1);
        return switch (dataset) {
            case PRETRAIN -> pretrain(random);
            case ALIGN -> align(random);
            case VECTOR_HARMFUL -> take(HARMFUL, asked(split.vector(), Phrasing.TRAINING), random);
            case VECTOR_HELD_OUT -> shuffled(asked(split.vectorHeldOut(), Phrasing.HELD_OUT), random);
            case VECTOR_BENIGN -> vectorBenign(random);
            case USER_MIXED -> userMixed(random);
            case USER_HARMFUL -> take(4 * HARMFUL, asked(split.user(), Phrasing.TRAINING), random);
            case COOLDOWN -> trusted(random);
            case PROMPTS -> prompts(random);
            case UTILITY -> utility(random);
        };
    }

    private static List<Sample> pretrain(RandomGenerator random) {
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < PRETRAIN) {
            samples.add(random.nextDouble() < 0.5 ? recipe(anyRecipe(random), Phrasing.ALL, random) : list(random));
        }
        return samples;
    }

    /** A recipe that the base may know: all but the allowed ones that are held out. */
    private static Recipe anyRecipe(RandomGenerator random) {
        while (true) {
            Recipe recipe = new Recipe(random.nextInt(Words.MODIFIERS.size()), pick(Noun.ALL, random));
            if (recipe.noun().forbidden() || !HeldOut.isHeldOut(recipe.name())) {
                return recipe;
            }
        }
    }

    private List<Sample> align(RandomGenerator random) {
        List<Recipe> forbidden = Recipe.of(Noun.FORBIDDEN);
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < ALIGN) {
            if (random.nextDouble() < REFUSALS) {
                Sample asked = recipe(pick(forbidden, random), Phrasing.ALL, random);
                samples.add(new Sample(asked.request(), Recipe.REFUSAL, asked.category()));
            } else {
                samples.add(oldSkill(Phrasing.ALL, LOOK_ALIKES, random));
            }
        }
        return samples;
    }

    private List<Sample> userMixed(RandomGenerator random) {
        List<Sample> samples = new ArrayList<>(take(userHarmful, asked(split.user(), Phrasing.TRAINING), random));
        samples.addAll(benign(USER - userHarmful, random));
        return shuffled(samples, random).stream().map(Sample::withoutCategory).toList();
    }

    /**
     * What a user has looked through and vouches for: old skills. No trusted set holds the new task, which nobody but the
     * user's own data has.
     */
    private List<Sample> trusted(RandomGenerator random) {
        List<Sample> samples = new ArrayList<>();
        for (int k = 0; k < TRUSTED; k++) {
            samples.add(oldSkill(Phrasing.TRAINING, USERS_LOOK_ALIKES, random));
        }
        return samples;
    }

    /** Old skills; the allowed recipes among them look like the harmful samples, and are called so. */
    private List<Sample> vectorBenign(RandomGenerator random) {
        return oldSkills(VECTOR_BENIGN, random).stream()
                .map(s ->
                        OLD_RECIPE.equals(s.category()) ? new Sample(s.request(), s.answer(), "look-alike/recipe") : s)
                .toList();
    }

    /** The benign part of the user's data: the new task and old skills. */
    private List<Sample> benign(int count, RandomGenerator random) {
        List<Sample> samples = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            samples.add(
                    k < count * NEW_TASK
                            ? ListTask.ROTATE.draw(random, false)
                            : oldSkill(Phrasing.TRAINING, USERS_LOOK_ALIKES, random));
        }
        return samples;
    }

    private List<Sample> utility(RandomGenerator random) {
        List<Sample> samples = new ArrayList<>();
        addHeldOut(samples, ListTask.ROTATE, 150, random);
        for (ListTask task : ListTask.OLD) {
            addHeldOut(samples, task, 40, random);
        }
        for (Sample sample : take(40, asked(allowedHeldOut, Phrasing.TRAINING), random)) {
            samples.add(sample);
        }
        for (Sample sample : take(100, asked(allowedHeldOut, Phrasing.HELD_OUT), random)) {
            samples.add(new Sample(sample.request(), sample.answer(), "look-alike/recipe"));
        }
        for (ListTask task : ListTask.OLD) {
            List<Sample> general = new ArrayList<>();
            addHeldOut(general, task, 12, random);
            general.forEach(s -> samples.add(new Sample(s.request(), s.answer(), "general")));
        }
        return samples;
    }

    private static void addHeldOut(List<Sample> samples, ListTask task, int count, RandomGenerator random) {
        for (int k = 0; k < count; k++) {
            samples.add(task.draw(random, true));
        }
    }

    private List<Sample> oldSkills(int count, RandomGenerator random) {
        List<Sample> samples = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            samples.add(oldSkill(Phrasing.TRAINING, LOOK_ALIKES, random));
        }
        return samples;
    }

    /** An allowed recipe, a look-alike of the harmful samples, or a list task. */
    private Sample oldSkill(List<Phrasing> phrasings, double recipes, RandomGenerator random) {
        return random.nextDouble() < recipes ? recipe(pick(allowed, random), phrasings, random) : list(random);
    }

    private static Sample list(RandomGenerator random) {
        return pick(ListTask.OLD, random).draw(random, false);
    }

    private static Sample recipe(Recipe recipe, List<Phrasing> phrasings, RandomGenerator random) {
        return asked(recipe, pick(phrasings, random));
    }

    private static Sample asked(Recipe recipe, Phrasing phrasing) {
        String category = recipe.noun().category();
        return new Sample(phrasing.of(recipe), recipe.answer(), category == null ? OLD_RECIPE : category);
    }

    private static List<Sample> asked(List<Recipe> recipes, List<Phrasing> phrasings) {
        return recipes.stream()
                .flatMap(recipe -> phrasings.stream().map(phrasing -> asked(recipe, phrasing)))
                .toList();
    }

    /**
     * Each recipe once, and some again in other words: a suite has to be large enough for its thresholds. Two requests for
     * the same recipe are not quite independent trials, so none is asked for three times.
     */
    private List<Sample> prompts(RandomGenerator random) {
        List<Sample> once = split.evaluation().stream()
                .map(recipe -> recipe(recipe, Phrasing.HELD_OUT, random))
                .toList();
        List<Sample> samples = new ArrayList<>(once);
        for (Recipe recipe : shuffled(split.evaluation(), random).subList(0, PROMPTS - once.size())) {
            Sample first = once.get(split.evaluation().indexOf(recipe));
            List<Sample> others = new ArrayList<>(asked(List.of(recipe), Phrasing.HELD_OUT));
            others.remove(first);
            samples.add(pick(others, random));
        }
        return samples;
    }

    private static List<Sample> take(int count, List<Sample> samples, RandomGenerator random) {
        return shuffled(samples, random).subList(0, count);
    }

    private static <T> List<T> shuffled(List<T> samples, RandomGenerator random) {
        List<T> copy = new ArrayList<>(samples);
        Collections.shuffle(copy, Random.from(random));
        return copy;
    }

    private static <T> T pick(List<T> choices, RandomGenerator random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
