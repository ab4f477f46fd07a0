package dev.safefinetune.trainer.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.store.TrainerException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {
    private static final String SOURCE = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def twice(self, x: List[Tensor]) -> List[Tensor]:
                return [torch.mul(x[0], 2.0), torch.mul(x[1], 2)]
              def zeros(self, n: int) -> List[Tensor]:
                return [torch.zeros([n], dtype=6)]
            """;

    @Test
    void resultsBelongToTheScopeAndDieWithIt() {
        long before = Scope.liveTensors();
        try (Script script = Script.compile(SOURCE)) {
            Tensor kept;
            try (Scope scope = new Scope()) {
                List<Tensor> found = script.call(
                        scope, "twice", List.of(scope.of(new float[] {1, 2, 3, 4}, 2, 2), scope.of(new long[] {7}, 1)));
                kept = found.getFirst();
                assertThat(kept.floats()).containsExactly(2, 4, 6, 8);
                assertThat(kept.shape()).containsExactly(2, 2);
                assertThat(found.getLast().longs()).containsExactly(14);
                assertThat(scope.size()).isEqualTo(4);
                assertThat(Scope.liveTensors()).isEqualTo(before + 4);
            }
            assertThat(Scope.liveTensors()).isEqualTo(before);
            assertThatThrownBy(kept::floats)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("closed");
        }
    }

    @Test
    void allocatorWithNothingLeftIsAFaultOfItsOwn() {
        try (Script script = Script.compile(SOURCE);
                Scope scope = new Scope()) {
            assertThatThrownBy(() -> script.call(scope, "zeros", 1L << 50))
                    .isInstanceOfSatisfying(
                            TrainerException.class, e -> assertThat(e.fault()).isEqualTo(Fault.OUT_OF_MEMORY))
                    .hasMessageContaining("microBatchTokens");
        }
    }
}
