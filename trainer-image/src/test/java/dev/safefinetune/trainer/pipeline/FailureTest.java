package dev.safefinetune.trainer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.contract.Fault;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void aLibraryThatCannotBeLoadedIsNamed() {
        Throwable loading = new UnsatisfiedLinkError("libcusparseLt.so.0: cannot open shared object file");
        Failure failure =
                Failure.of(new ExceptionInInitializerError(new IllegalStateException("loading failed", loading)));

        assertThat(failure.fault()).isEqualTo(Fault.INTERNAL);
        assertThat(failure.message())
                .isEqualTo(
                        "a part of the trainer cannot be loaded: libcusparseLt.so.0: cannot open shared object file");
    }

    /** Its text may quote a sample. */
    @Test
    void ofAnUnforeseenExceptionOnlyItsKindAndPlaceAreTold() {
        Failure failure = Failure.of(new IllegalStateException("canary"));

        assertThat(failure.fault()).isEqualTo(Fault.INTERNAL);
        assertThat(failure.message()).startsWith("IllegalStateException at ").doesNotContain("canary");
    }

    @Test
    void anInitializerThatFailsForAnotherReasonIsNoMissingLibrary() {
        Failure failure = Failure.of(new ExceptionInInitializerError(new IllegalStateException("canary")));

        assertThat(failure.message()).startsWith("ExceptionInInitializerError").doesNotContain("canary");
    }
}
