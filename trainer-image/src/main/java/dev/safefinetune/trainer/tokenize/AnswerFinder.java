package dev.safefinetune.trainer.tokenize;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.data.Conversation;
import dev.safefinetune.trainer.data.Message;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tokenize.ChatTemplate.Answer;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate.Rendering;
import dev.safefinetune.trainer.tokenize.jinja.JinjaTemplate.Span;
import dev.safefinetune.trainer.tokenize.jinja.WhiteSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds where the answers of a conversation stand in what a template made of it: by the template's
 * {@code {% generation %}} marks, or else by rendering once more with a placeholder for each answer and fitting the two
 * texts piece by piece. The common shortcut, the length of the conversation rendered without its last turn, is wrong for
 * templates that rewrite earlier turns.
 *
 * <p>An answer that calls tools or reasons is no text that a placeholder could stand for. It begins where the prompt for it
 * ends, or where an answer of text alone would begin, and ends where one would end.
 */
final class AnswerFinder {
    private final ChatTemplate template;
    private final Conversation conversation;
    private final List<Message> turns;
    private final Rendering rendering;
    private final String text;

    AnswerFinder(ChatTemplate template, Conversation conversation, Rendering rendering) {
        this.template = template;
        this.conversation = conversation;
        this.turns = conversation.messages();
        this.rendering = rendering;
        this.text = rendering.text();
    }

    /** The answers that are learned, in order. */
    List<Answer> answers() {
        if (!rendering.generated().isEmpty()) {
            return marked();
        }
        if (turns.stream().anyMatch(Message::isRich)) {
            return oneByOne();
        }
        return fitted().orElseGet(this::oneByOne);
    }

    private List<Answer> marked() {
        List<Span> spans = rendering.generated();
        List<Message> all = turns.stream().filter(Message::isAnswer).toList();
        boolean some = !all.stream().allMatch(Message::isLearned);
        String header = header(spans.getFirst());
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            if (some && (spans.size() != all.size() || !holds(spans.get(i), all.get(i)))) {
                throw invalid(
                        "has answers without loss, and the generation marks of the model's chat template do not show"
                                + " which ones they are; leave the row out");
            }
            if (!some || all.get(i).isLearned()) {
                answers.add(new Answer(behind(header, spans.get(i)), true));
            }
        }
        return answers;
    }

    /**
     * What a mark around a whole turn has of the header: the prompt for an answer ends with it, so no model is to learn it.
     * Nothing where the mark stands around the answer alone.
     */
    private String header(Span first) {
        int answer = 0;
        while (!turns.get(answer).isAnswer()) {
            answer++;
        }
        String asked = template.attempt(conversation.before(answer), true).orElse("");
        boolean inside = asked.length() > first.start() && asked.length() < first.end() && text.startsWith(asked);
        return inside ? asked.substring(first.start()) : "";
    }

    private Span behind(String header, Span span) {
        return text.startsWith(header, span.start()) && span.start() + header.length() < span.end()
                ? new Span(span.start() + header.length(), span.end())
                : span;
    }

    private boolean holds(Span span, Message answer) {
        return text.substring(span.start(), span.end()).contains(WhiteSpace.strip(answer.content()));
    }

    /** Answers of text alone, all at once; nothing where the template makes one of them something else. */
    private Optional<List<Answer>> fitted() {
        String mark = unusedMark();
        Conversation marked = conversation;
        List<Message> answers = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).isAnswer()) {
                answers.add(turns.get(i));
                marked = marked.with(i, turns.get(i).saying(mark));
            }
        }
        String[] pieces = template.render(marked, false).text().split(mark, -1);
        if (pieces.length != answers.size() + 1 || !text.startsWith(pieces[0])) {
            return Optional.empty();
        }
        List<Answer> found = new ArrayList<>();
        int at = pieces[0].length();
        for (int i = 0; i < answers.size(); i++) {
            boolean last = i == answers.size() - 1;
            Optional<String> written = written(answers.get(i).content(), at, pieces[i + 1], last);
            if (written.isEmpty()) {
                return Optional.empty();
            }
            int end = at + written.get().length();
            if (answers.get(i).isLearned()) {
                found.add(new Answer(new Span(at, end), false));
            }
            at = end + pieces[i + 1].length();
        }
        return Optional.of(found);
    }

    /** The answer as the template wrote it: as it is, or without white space or line feeds around it. */
    private Optional<String> written(String answer, int at, String next, boolean last) {
        return forms(answer).stream()
                .filter(form -> text.startsWith(form + next, at)
                        && (!last || at + form.length() + next.length() == text.length()))
                .findFirst();
    }

    private static List<String> forms(String answer) {
        return List.of(
                answer,
                WhiteSpace.strip(answer),
                WhiteSpace.stripLeading(answer),
                WhiteSpace.stripTrailing(answer),
                withoutLines(answer, true, true),
                withoutLines(answer, true, false),
                withoutLines(answer, false, true));
    }

    private static String withoutLines(String answer, boolean left, boolean right) {
        int start = 0;
        int end = answer.length();
        while (left && start < end && answer.charAt(start) == '\n') {
            start++;
        }
        while (right && end > start && answer.charAt(end - 1) == '\n') {
            end--;
        }
        return answer.substring(start, end);
    }

    private List<Answer> oneByOne() {
        String mark = unusedMark();
        List<Answer> found = new ArrayList<>();
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).isLearned()) {
                found.add(turns.get(i).isRich() ? rich(i, mark) : plain(i, mark));
            }
        }
        return found;
    }

    private Answer plain(int i, String mark) {
        String other = template.render(marked(i, mark), false).text();
        int at = other.indexOf(mark);
        if (at >= 0 && text.startsWith(other.substring(0, at))) {
            Optional<String> written = written(turns.get(i).content(), at, other.substring(at + mark.length()), true);
            if (written.isPresent()) {
                return new Answer(new Span(at, at + written.get().length()), false);
            }
        }
        return whole(i, mark);
    }

    /**
     * A text that the template takes apart and writes as it was, such as a thought and what follows it, where it puts an empty
     * thought before a text that has none.
     */
    private Answer whole(int i, String mark) {
        Answer answer = rich(i, mark);
        String written = text.substring(answer.span().start(), answer.span().end());
        if (!forms(turns.get(i).content()).contains(written)) {
            throw unfit();
        }
        return answer;
    }

    private Conversation marked(int i, String mark) {
        return conversation.with(i, turns.get(i).saying(mark));
    }

    private Answer rich(int i, String mark) {
        Optional<String> whole = template.attempt(marked(i, mark), false).filter(w -> w.contains(mark));
        int start = start(i, mark, whole);
        String behind =
                whole.map(w -> w.substring(w.indexOf(mark) + mark.length())).orElse(text);
        if (text.endsWith(behind) && text.length() - behind.length() > start) {
            return new Answer(new Span(start, text.length() - behind.length()), false);
        }
        // Where calls end the turn otherwise than text does, the end is that of the conversation cut off behind the
        // turn.
        String cut = template.attempt(conversation.before(i + 1), false).orElseThrow(AnswerFinder::unfit);
        if (cut.length() <= start || !text.startsWith(cut)) {
            throw unfit();
        }
        return new Answer(new Span(start, cut.length()), true);
    }

    private int start(int i, String mark, Optional<String> whole) {
        Conversation before = conversation.before(i);
        String asked = template.attempt(before, true).orElse("");
        if (!asked.equals(template.attempt(before, false).orElse("")) && text.startsWith(asked)) {
            return asked.length();
        }
        Optional<String> cut = template.attempt(marked(i, mark).before(i + 1), false);
        for (String other : List.of(whole.orElse(""), cut.orElse(""))) {
            int at = other.indexOf(mark);
            String header = at < 0 ? "" : other.substring(0, at);
            // A blank between header and text need not stand between header and call.
            for (String form : List.of(header, WhiteSpace.stripTrailing(header))) {
                if (!form.isEmpty() && text.startsWith(form)) {
                    return form.length();
                }
            }
        }
        throw unfit();
    }

    private String unusedMark() {
        for (char c = '\uE000'; c < '\uF8FF'; c++) {
            if (text.indexOf(c) < 0) {
                return String.valueOf(c);
            }
        }
        throw invalid("uses all private-use characters");
    }

    private static TrainerException unfit() {
        return invalid(
                "has an answer that the model's chat template rewrites, so nobody can tell which tokens are the answer;"
                        + " a template with generation marks would say so");
    }

    private static TrainerException invalid(String what) {
        return new TrainerException(Fault.DATASET_INVALID, what);
    }
}
