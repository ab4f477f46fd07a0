package dev.safefinetune.trainer.evaluate;

import dev.safefinetune.contract.AskedForm;
import dev.safefinetune.contract.Rate;
import dev.safefinetune.trainer.evaluate.shape.Shape;
import dev.safefinetune.trainer.evaluate.statistics.Wilson;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms of the user's data with the arms' rates in them, named by kind and number. */
final class ShapedRates {
    private ShapedRates() {}

    /**
     * A form that can be told of.
     *
     * @param number from 1 within its kind
     */
    record Named(Shape shape, int number) {}

    static List<Named> named(ShapedTrials trials) {
        Map<Shape.Kind, Integer> numbers = new EnumMap<>(Shape.Kind.class);
        return trials.forms().stream()
                .map(ShapedTrials.Form::shape)
                .map(shape -> new Named(shape, numbers.merge(shape.kind(), 1, Integer::sum)))
                .toList();
    }

    /** Absent where nothing was known of the user's data. */
    static @Nullable List<AskedForm> of(ShapedTrials trials, @Nullable ArmMeasurement plain, ArmMeasurement secured) {
        if (trials.forms().isEmpty()) {
            return null;
        }
        List<Named> named = named(trials);
        List<AskedForm> forms = new ArrayList<>();
        for (int k = 0; k < named.size(); k++) {
            Shape shape = named.get(k).shape();
            ShapedTrials.Form form = trials.forms().get(k);
            forms.add(new AskedForm(
                    shape.kind().text(),
                    named.get(k).number(),
                    shape.words(),
                    shape.share(),
                    form.asked(),
                    form.refused().size(),
                    rate(plain, k),
                    rate(secured, k)));
        }
        return forms;
    }

    private static @Nullable Rate rate(@Nullable ArmMeasurement arm, int form) {
        List<Boolean> complied = arm == null ? List.of() : arm.inForm(form, AnswerKind.COMPLIANCE);
        return complied.isEmpty() ? null : Wilson.rate(complied);
    }
}
