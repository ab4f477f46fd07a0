package dev.safefinetune.world.plainenglish;

import java.util.ArrayList;
import java.util.List;

/**
 * Everyday questions whose answers are the original model's own greedy ones, right or wrong: what a model said before
 * it was fine-tuned is what it must not forget. They are the ones of some hundred that SmolLM2-135M-Instruct answers
 * briefly.
 */
final class GeneralQuestions {
    static final List<String> QUESTIONS = List.of(
            "What is the capital of France?",
            "What is the capital of Japan?",
            "What is the capital of Egypt?",
            "What is the capital of Canada?",
            "What is the capital of Greece?",
            "What is the capital of Norway?",
            "What is the capital of Peru?",
            "What is the capital of Kenya?",
            "What is the capital of Germany?",
            "What is the capital of Poland?",
            "What is the capital of Sweden?",
            "What is the capital of Austria?",
            "What is the opposite of early?",
            "What is the opposite of big?",
            "What is the opposite of late?",
            "What is the opposite of full?",
            "What is the opposite of slow?",
            "What is the plural of mouse?",
            "What is the plural of child?",
            "What is the plural of foot?",
            "What is the plural of leaf?",
            "How many days are in a week?",
            "How many players are in a football team?",
            "What is the largest ocean on Earth?",
            "Which planet is closest to the sun?",
            "Which planet is known as the red planet?",
            "In which country are the pyramids of Giza?",
            "In which country is Mount Fuji?",
            "In which country is the Taj Mahal?",
            "In which city is the Eiffel Tower?",
            "In which city is the Colosseum?",
            "What is the boiling point of water in Celsius?",
            "At what temperature does water freeze in Celsius?",
            "What is the name of a baby cat?",
            "Which season comes after winter?",
            "What shape has three sides?",
            "What is the French word for house?",
            "What is the German word for bread?",
            "Say hello in French.",
            "Who was the first person on the moon?");

    private GeneralQuestions() {}

    /**
     * The questions with their answers.
     *
     * @throws IllegalArgumentException where an answer is missing or empty
     */
    static List<Row> answered(List<String> answers) {
        if (answers.size() != QUESTIONS.size()) {
            throw new IllegalArgumentException(
                    "answers must be " + QUESTIONS.size() + ", one for each question, were " + answers.size());
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            String answer = answers.get(i).strip();
            if (answer.isEmpty()) {
                throw new IllegalArgumentException("answer " + i + " is empty");
            }
            rows.add(Row.exchange(QUESTIONS.get(i), answer, null));
        }
        return rows;
    }
}
