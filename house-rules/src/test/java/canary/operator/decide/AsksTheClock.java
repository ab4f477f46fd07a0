package canary.operator.decide;

import ai.djl.ndarray.NDArray;
import java.time.Instant;

/** A decision that depends on when it is made, in an operator that knows tensors. */
final class AsksTheClock {
    private AsksTheClock() {}

    static Instant now() {
        return Instant.now();
    }

    static long size(NDArray array) {
        return array.size();
    }
}
