package dev.safefinetune.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.operator.world.Results;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several that are to publish to one place, and what lies there. */
class RivalsTest {
    @RegisterExtension
    private final Chain chain = new Chain();

    @Test
    void twoRunsToOnePlaceGoOneAfterTheOther() {
        chain.reach("train");
        apply("copy", "pvc://models/bot");

        assertThat(chain.condition("copy", "Ready")).isEqualTo("False OutputTaken");
        assertThat(chain.message("copy", "Ready"))
                .contains("SafeFineTune bot, which came first, is to publish to pvc://models/bot");
        assertThat(chain.jobsOf("copy")).isEmpty();

        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        chain.operator.fineTune("copy");
        assertThat(chain.jobsOf("copy")).containsExactly("copy-1-prepare");
    }

    @Test
    void aVectorIsNeverStoredInsideAModel() {
        chain.reach("train");
        chain.world.applyVector("twin", "pvc://models/bot/vector");
        chain.operator.vector("twin");

        assertThat(chain.vectorMessage("twin", "Ready"))
                .contains("spec.storage.uri is pvc://models/bot/vector")
                .contains("SafeFineTune bot, which came first, is to publish to pvc://models/bot: name another place");
        assertThat(chain.jobsOf("twin")).isEmpty();

        chain.runToTheEnd(Results::good);
        assertThat(chain.bot("/phase")).isEqualTo("Succeeded");
        chain.operator.vector("twin");
        assertThat(chain.vectorMessage("twin", "Ready"))
                .contains("SafeFineTune bot has published to pvc://models/bot: name another place");
        assertThat(chain.jobsOf("twin")).isEmpty();
    }

    @Test
    void aVectorIsNeverReplacedByAModel() {
        chain.reach("train");
        apply("thief", "pvc://vectors/base/");

        assertThat(chain.condition("thief", "Ready")).isEqualTo("False OutputTaken");
        assertThat(chain.condition("thief", "Stalled")).isEqualTo("True OutputTaken");
        assertThat(chain.message("thief", "Ready"))
                .contains("SecurityVector base has published to pvc://vectors/base: name another place");
        assertThat(chain.jobsOf("thief")).isEmpty();
    }

    /** Otherwise the two would wait for each other. */
    @Test
    void ofTwoThatHaveNotBegunTheVectorGoesFirst() {
        apply("early", "pvc://vectors/base");
        chain.world.applyVector("base", "pvc://vectors/base");
        chain.operator.vector("base");

        assertThat(chain.jobsOf("base")).containsExactly("base-1-prepare-vector");
    }

    @Test
    void aModelIsNotPublishedOverWhatItsRunReads() {
        chain.reach("train");
        apply("ouroboros", "pvc://models/base/tuned");

        assertThat(chain.condition("ouroboros", "Ready")).isEqualTo("False SpecInvalid");
        assertThat(chain.message("ouroboros", "Ready"))
                .contains(
                        "spec.output.uri is pvc://models/base/tuned; what is published there would replace spec.model.uri, which"
                                + " is pvc://models/base");
        assertThat(chain.jobsOf("ouroboros")).isEmpty();
    }

    private void apply(String name, String output) {
        chain.world.applyFineTune(name, output);
        chain.operator.fineTune(name);
    }
}
