package dev.safefinetune.contract;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a fine-tuned model, in words: the model card, the tables and the page all say it with these.
 *
 * @param protection what kept harmful samples from teaching it
 * @param method which parameters received gradients; absent for an evaluation by hand, which knows the model alone
 * @param content what is published of it; absent as long as nothing is
 */
public record Treatment(
        Protection protection,
        FineTuning.@Nullable Method method,
        @Nullable PublishedContent content) {

    /** What kept harmful samples from teaching a model. */
    public enum Protection {
        /** A security vector, attached and frozen. */
        VECTOR,
        /** Nothing: the resource asked for none. */
        NONE,
        /** Nobody has told: an evaluation by hand. */
        UNKNOWN
    }

    public Treatment {
        Require.present("treatment.protection", protection);
        if (content == PublishedContent.ADAPTER && method == FineTuning.Method.FULL) {
            throw new IllegalArgumentException("treatment.content must be Merged where method is Full");
        }
    }

    /** Of the model that a report is of. */
    public static Treatment of(SafetyReport report) {
        TrainingReport training = report.training();
        SafetyReport.Published published = report.published();
        return new Treatment(
                protection(report, training),
                training == null ? null : training.fineTuning().method(),
                published == null ? null : published.content());
    }

    /** Runs that an earlier release has begun name no vector among their materials, but gate and screening tell of it. */
    private static Protection protection(SafetyReport report, @Nullable TrainingReport training) {
        if (report.materials().containsKey(Inputs.VECTOR)) {
            return Protection.VECTOR;
        }
        if (training == null) {
            return Protection.UNKNOWN;
        }
        return training.gateDrop() != null || training.screening() != null ? Protection.VECTOR : Protection.NONE;
    }

    /** The model's name among the arms of a report. */
    public String arm() {
        return switch (protection) {
            case VECTOR -> "fine-tune with vector";
            case NONE -> "fine-tune without vector";
            case UNKNOWN -> "fine-tune";
        };
    }

    /** What is published, how it was trained, and what that means, in whole sentences; empty where nobody knows. */
    public String sentences() {
        List<String> sentences = new ArrayList<>();
        if (content != null) {
            sentences.add(what(content));
        }
        if (method != null) {
            sentences.add("It was fine-tuned "
                    + (method == FineTuning.Method.LORA ? "by LoRA" : "in all its weights")
                    + switch (protection) {
                        case VECTOR -> ", with a security vector attached and frozen.";
                        case NONE -> ", without a security vector.";
                        case UNKNOWN -> ".";
                    });
        }
        switch (protection) {
            case VECTOR -> sentences.add("The vector itself is not part of it.");
            case NONE ->
                sentences.add("Nothing kept harmful samples from teaching it: only its evaluation speaks for it.");
            case UNKNOWN -> {
                // An evaluation by hand is given a model, and not what was done to it.
            }
        }
        return String.join(" ", sentences);
    }

    private String what(PublishedContent published) {
        return switch (published) {
            case ADAPTER -> "This is a LoRA adapter, to be put on its base model.";
            case MERGED ->
                method == FineTuning.Method.LORA
                        ? "This is a whole model, with the LoRA adapter merged in."
                        : "This is a whole model.";
        };
    }

    /** What the judgement does not say. */
    public String limits() {
        return switch (protection) {
            case VECTOR -> """
                    The model was judged on the requests of its evaluation suite, without the vector. Harms outside of the
                    vector's categories are not covered, and anybody who fine-tunes this model again without the vector can
                    make it harmful.
                    """;
            case NONE, UNKNOWN -> """
                    The model was judged on the requests of its evaluation suite. Harms that the suite does not ask for are
                    not covered, and anybody who fine-tunes this model again can make it harmful.
                    """;
        };
    }
}
