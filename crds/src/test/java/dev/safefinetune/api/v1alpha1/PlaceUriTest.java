package dev.safefinetune.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceUriTest {
    @ParameterizedTest
    @CsvSource({
        "pvc://models/a, pvc://models/a, true",
        "pvc://models/a, pvc://models/a/, true",
        "pvc://models/a, pvc://models//a, true",
        "pvc://models/a, pvc://models/a/b/c, true",
        "pvc://models, pvc://models/a, true",
        "pvc://models/a, pvc://models/ab, false",
        "pvc://models/a, pvc://vectors/a, false",
        "pvc://models/a, s3://models/a, false",
        "pvc://models/a/b, pvc://models/c/b, false"
    })
    void placesOverlapWhereOneIsTheOtherOrLiesInIt(String one, String other, boolean overlap) {
        assertThat(PlaceUri.of(one).overlaps(PlaceUri.of(other))).isEqualTo(overlap);
        assertThat(PlaceUri.of(other).overlaps(PlaceUri.of(one))).isEqualTo(overlap);
    }
}
