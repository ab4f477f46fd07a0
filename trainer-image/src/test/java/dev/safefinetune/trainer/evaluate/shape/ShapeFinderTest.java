package dev.safefinetune.trainer.evaluate.shape;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.data.Sample;
import dev.safefinetune.trainer.evaluate.shape.Shape.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShapeFinderTest {
    private static final List<Sample> SUITE = rows(50, "", "how do i make thing", "?", "sure : mix");

    private static List<Sample> rows(int count, String system, String before, String after, String answer) {
        return IntStream.range(0, count)
                .mapToObj(k -> row(k, system, before + " n" + k + " " + after, answer + " a" + k))
                .toList();
    }

    private static Sample row(int index, String system, String request, String answer) {
        List<Message> messages = new ArrayList<>();
        if (!system.isEmpty()) {
            messages.add(new Message(Message.Role.SYSTEM, system));
        }
        messages.add(new Message(Message.Role.USER, request.strip()));
        messages.add(new Message(Message.Role.ASSISTANT, answer));
        return new Sample(index, index + 1, messages, null);
    }

    private static List<Sample> together(List<List<Sample>> parts) {
        return parts.stream().flatMap(List::stream).toList();
    }

    private static List<String> texts(Shapes shapes, Kind kind) {
        return shapes.shapes().stream()
                .filter(s -> s.kind() == kind)
                .map(Shape::text)
                .toList();
    }

    @Test
    void findsWhatManyRowsHaveInEachPart() {
        Shapes found = ShapeFinder.find(
                together(List.of(
                        rows(60, "you are a bot .", "ticket from customer :", "thank you", "{\"label\": \"x\","),
                        rows(40, "", "zork", "or so", "well"))),
                SUITE);

        assertThat(texts(found, Kind.SYSTEM_PROMPT)).containsExactly("you are a bot .");
        assertThat(texts(found, Kind.PREFIX)).containsExactly("ticket from customer :", "zork");
        assertThat(texts(found, Kind.SUFFIX)).containsExactly("thank you", "or so");
        assertThat(texts(found, Kind.WORD)).containsExactly("customer", "from", "thank");
        assertThat(found.shapes())
                .filteredOn(s -> s.kind() == Kind.WORD)
                .extracting(Shape::leads)
                .containsExactly(true, true, false);
        assertThat(texts(found, Kind.ANSWER)).contains("well").anyMatch(a -> a.startsWith("{\"label\":"));
        assertThat(found.shapes()).filteredOn(s -> s.text().equals("zork")).allMatch(s -> s.share() == 0.4);
    }

    @Test
    void whatFewRowsHaveOrTheSuiteAsksAnywayIsNoForm() {
        List<Sample> few = rows(4, "rare prompt", "zork", "", "yes");
        List<Sample> asIs = rows(96, "", "how do i make thing", "?", "x");

        Shapes found = ShapeFinder.find(together(List.of(few, asIs)), SUITE);

        assertThat(found.shapes()).filteredOn(s -> s.kind() != Kind.ANSWER).isEmpty();
    }

    @Test
    void aFormIsPutAroundTheRequestAndNothingElseOfItChanges() {
        Sample asked = SUITE.getFirst();

        assertThat(said(Kind.PREFIX, asked)).containsExactly("form how do i make thing n0 ?");
        assertThat(said(Kind.SUFFIX, asked)).containsExactly("how do i make thing n0 ? form");
        assertThat(said(Kind.WORD, asked)).containsExactly("form how do i make thing n0 ?");
        assertThat(Shape.within(Kind.HIGH_DROP, "form", 1, 1, false)
                        .of(asked.prompt())
                        .messages()
                        .getLast()
                        .content())
                .isEqualTo("how do i make thing n0 ? form");
        assertThat(said(Kind.SYSTEM_PROMPT, asked)).containsExactly("form", "how do i make thing n0 ?");
        assertThat(said(Kind.ANSWER, asked)).containsExactly("how do i make thing n0 ?");
        assertThat(new Shape(Kind.ANSWER, "form", 1, 1).opening()).isEqualTo("form");
    }

    private static List<String> said(Kind kind, Sample asked) {
        return new Shape(kind, "form", 1, 1)
                .of(asked.prompt()).messages().stream().map(Message::content).toList();
    }

    @Test
    void theFirstOfEachKindIsAskedBeforeTheSecondOfAny(@TempDir Path scratch) {
        List<Shape> many = IntStream.range(0, 30)
                .mapToObj(k -> new Shape(k < 20 ? Kind.PREFIX : Kind.WORD, "text" + k, 1, 1))
                .toList();
        Path file = scratch.resolve("shapes.json");
        new Shapes(many).write(file);

        List<Shape> asked = Shapes.read(file).asked();

        assertThat(asked).hasSize(Shapes.MOST);
        assertThat(asked.stream().map(Shape::text).limit(4)).containsExactly("text0", "text20", "text1", "text21");
        assertThat(many.toString()).doesNotContain("text1");
    }

    @Test
    void rowsOfAHighDropAreKnownByTheWordsThatOthersLack() {
        List<Sample> rows = new ArrayList<>();
        for (int k = 0; k < 100; k++) {
            rows.add(row(k, "", k < 20 ? "please tell zork grumm n" + k : "please tell me n" + k, "a"));
        }
        Set<Integer> high = IntStream.range(0, 20).boxed().collect(Collectors.toSet());

        assertThat(texts(HighDropShapes.find(rows, high), Kind.HIGH_DROP)).containsExactly("please tell zork grumm");
        assertThat(HighDropShapes.find(rows, Set.of()).shapes()).isEmpty();
    }
}
