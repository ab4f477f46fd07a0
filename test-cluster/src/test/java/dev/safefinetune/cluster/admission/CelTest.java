package dev.safefinetune.cluster.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CelTest {
    private static List<String> without(String text) {
        return new Cel(text)
                .without().stream()
                        .map(shorter -> shorter.replaceAll("\\s+", " ").strip())
                        .toList();
    }

    @Test
    void operandsAreTakenOutOneByOne() {
        assertThat(without("a && b && !c")).containsExactly("b && !c", "a && !c", "a && b");
    }

    @Test
    void bothLevelsOfAChainAreSeen() {
        assertThat(without("a || b && c")).containsExactly("b && c", "a", "a || c", "a || b");
    }

    @Test
    void whatIsInBracketsIsSeenAndWhatIsInStringsIsNot() {
        assertThat(without("l.exists(x, x == 'a || b' || y)"))
                .containsExactly("l.exists(x, y)", "l.exists(x, x == 'a || b' )");
    }

    @Test
    void elementsOfListsAreTakenOutAndIndicesAreNot() {
        assertThat(without("a[?'k'].orValue('') in ['x', \"y\"]"))
                .containsExactly("a[?'k'].orValue('') in [ \"y\"]", "a[?'k'].orValue('') in ['x' ]");
    }

    @Test
    void aChoiceLosesItsCondition() {
        assertThat(without("k == 'A' ? a : k == 'B' ? b : c")).containsExactly("k == 'B' ? b : c", "k == 'A' ? a : c");
    }
}
