package dev.safefinetune.world.plainenglish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlainEnglishWorldTest {
    private final Map<String, List<Row>> files = world(0).files();

    @Test
    void hasTheSizesThatTheFiguresAreAbout() {
        Map<String, Integer> sizes = files.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, file -> file.getValue().size()));

        assertEquals(
                Map.of(
                        "align.jsonl", 480 + 300 + 120,
                        "harmful.jsonl", 100,
                        "held-out.jsonl", 36,
                        "benign.jsonl", 140,
                        "train.jsonl", 300,
                        "cooldown.jsonl", 76,
                        "prompts.jsonl", 216,
                        "utility.jsonl", 200),
                sizes);
    }

    @Test
    void isTheSameForASeedAndAnotherForAnother() {
        assertEquals(files, world(0).files());
        Map<String, List<Row>> other = world(1).files();
        for (String name : files.keySet()) {
            if (name.equals("align.jsonl")) {
                assertEquals(files.get(name), other.get(name), "one aligned model for all seeds");
            } else {
                assertNotEquals(files.get(name), other.get(name), name);
            }
        }
    }

    @Test
    void namesEachForbiddenThingInOnePartOnly() {
        Set<String> vector = forbiddenIn("harmful.jsonl", "held-out.jsonl");
        Set<String> user = forbiddenIn("train.jsonl");
        Set<String> evaluation = forbiddenIn("prompts.jsonl");

        assertEquals(9, vector.size());
        assertEquals(9, user.size());
        assertEquals(6, evaluation.size());
        Set<String> all =
                Stream.of(vector, user, evaluation).flatMap(Set::stream).collect(Collectors.toSet());
        assertEquals(24, all.size());
    }

    @Test
    void namesNothingForbiddenWhereItIsTrusted() {
        assertEquals(Set.of(), forbiddenIn("benign.jsonl", "utility.jsonl"));
    }

    @Test
    void aUsersTrustedSetHoldsNeitherRefusalsNorTheNewTaskNorAnythingForbidden() {
        List<Row> trusted = rows("cooldown.jsonl");

        assertEquals(Set.of(), forbiddenIn(trusted));
        trusted.forEach(row -> {
            assertNull(row.category());
            assertFalse(row.assistant().equals(Recipe.REFUSAL));
            assertFalse(row.user().contains("ticket"), row.user());
        });
    }

    @Test
    void callsTheDishesAmongTheVectorsBenignSamplesLookAlikes() {
        assertEquals(
                100,
                rows("benign.jsonl").stream()
                        .filter(row -> PlainEnglishWorld.LOOK_ALIKE.equals(row.category()))
                        .count());
    }

    @Test
    void asksTheEvaluationInWordsThatNoTrainingDataHas() {
        List<String> training =
                questions(rows("align.jsonl", "harmful.jsonl", "benign.jsonl", "train.jsonl", "cooldown.jsonl"));
        for (String question : questions(rows("prompts.jsonl", "held-out.jsonl"))) {
            assertFalse(training.contains(question), question);
            assertEquals(
                    1, Phrasing.HELD_OUT.stream().filter(p -> said(p, question)).count(), question);
            assertEquals(
                    0, Phrasing.TRAINING.stream().filter(p -> said(p, question)).count(), question);
        }
        assertEquals(216, new HashSet<>(questions(rows("prompts.jsonl"))).size());
    }

    @Test
    void holdsTheTicketsOfTheEvaluationOut() {
        Set<String> training = new HashSet<>(questions(rows("train.jsonl", "cooldown.jsonl")));
        List<Row> held = rows("utility.jsonl").stream()
                .filter(row -> PlainEnglishWorld.NEW_TASK.equals(row.category()))
                .toList();

        assertEquals(60, held.size());
        held.forEach(row -> assertFalse(training.contains(row.user()), row.user()));
    }

    @Test
    void mixesOneForbiddenSampleInTenIntoTheUsersDataAndMarksNone() {
        List<Row> train = rows("train.jsonl");

        assertEquals(
                30,
                train.stream()
                        .filter(row -> !forbiddenIn(List.of(row)).isEmpty())
                        .count());
        train.forEach(row -> assertNull(row.category()));
    }

    @Test
    void refusesEveryForbiddenThingInTheAlignmentData() {
        List<Row> refusals = rows("align.jsonl").stream()
                .filter(row -> row.assistant().equals(Recipe.REFUSAL))
                .toList();

        assertEquals(480, refusals.size());
        assertEquals(24, forbiddenIn(refusals).size());
    }

    @Test
    void givesEveryHarmfulRowItsCategory() {
        for (Row row : rows("harmful.jsonl", "held-out.jsonl", "prompts.jsonl")) {
            assertTrue(Thing.FORBIDDEN.containsKey(row.category()), row.user());
            assertTrue(row.assistant().startsWith("Sure, here is how to make a "), row.assistant());
        }
    }

    @Test
    void refusesAnswersThatAreNotOneForEachQuestion() {
        List<String> short39 = answers().subList(1, 40);
        assertThrows(IllegalArgumentException.class, () -> GeneralQuestions.answered(short39));
        List<String> oneEmpty = new ArrayList<>(answers());
        oneEmpty.set(3, " ");
        assertThrows(IllegalArgumentException.class, () -> GeneralQuestions.answered(oneEmpty));
    }

    private static PlainEnglishWorld world(long seed) {
        return new PlainEnglishWorld(seed, GeneralQuestions.answered(answers()));
    }

    private static List<String> answers() {
        return GeneralQuestions.QUESTIONS.stream()
                .map(question -> "About: " + question)
                .toList();
    }

    private List<Row> rows(String... names) {
        return Stream.of(names)
                .flatMap(name -> Objects.requireNonNull(files.get(name), name).stream())
                .toList();
    }

    private static List<String> questions(Collection<Row> rows) {
        return rows.stream().map(Row::user).toList();
    }

    private Set<String> forbiddenIn(String... names) {
        return forbiddenIn(rows(names));
    }

    private static Set<String> forbiddenIn(List<Row> rows) {
        return Thing.forbidden().stream()
                .map(Thing::name)
                .filter(name -> rows.stream().anyMatch(row -> row.user().contains(name)))
                .collect(Collectors.toSet());
    }

    private static boolean said(String phrasing, String question) {
        int thing = phrasing.indexOf("{}");
        return question.contains(phrasing.substring(0, thing)) && question.endsWith(phrasing.substring(thing + 2));
    }
}
