package dev.safefinetune.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SeveralVectorsTest {
    private static VectorInput vector(char digest, char base) {
        return new VectorInput(
                new Source("pvc://vectors/" + digest, "vector/vectors/" + digest),
                digest(digest),
                digest(base),
                0.7,
                0.5,
                null,
                null,
                null);
    }

    private static Digest digest(char of) {
        return new Digest("sha256:" + String.valueOf(of).repeat(64));
    }

    private static VectorInput together(VectorInput... vectors) {
        return Objects.requireNonNull(VectorInput.together(List.of(vectors)));
    }

    /** What a release writes that knows one vector is what this one writes for one. */
    @Test
    void oneVectorIsWrittenAsEver() {
        assertThat(ContractJson.write(together(vector('1', 'a'))))
                .isEqualTo("{\"source\":{\"uri\":\"pvc://vectors/1\",\"path\":\"vector/vectors/1\"},\"digest\":\""
                        + digest('1').value() + "\",\"baseDigest\":\""
                        + digest('a').value()
                        + "\",\"gateDrop\":0.7,\"gateShare\":0.5}");
    }

    @Test
    void severalAreReadAsTheyWereWritten() {
        VectorInput three = together(vector('1', 'a'), vector('2', 'a'), vector('3', 'a'));
        VectorInput read = ContractJson.read(ContractJson.write(three), VectorInput.class);

        assertThat(read).isEqualTo(three);
        assertThat(read.all()).extracting(VectorInput::digest).containsExactly(digest('1'), digest('2'), digest('3'));
    }

    @Test
    void whatDoesNotFitTogetherIsRefusedByName() {
        assertThatThrownBy(() -> together(vector('1', 'a'), vector('2', 'b')))
                .hasMessageContaining("vector pvc://vectors/2 is of the base model " + digest('b'));
        assertThatThrownBy(() -> together(vector('1', 'a'), vector('2', 'a'), vector('2', 'a')))
                .hasMessageContaining("vector pvc://vectors/2")
                .hasMessageContaining("given twice");
        assertThatThrownBy(() -> together(
                        vector('1', 'a'), vector('2', 'a'), vector('3', 'a'), vector('4', 'a'), vector('5', 'a')))
                .hasMessageContaining("vector.others");
    }
}
