package dev.safefinetune.attest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * in-toto's predicate for tests (https://in-toto.io/attestation/test-result/v0.1), with a field of our own for what was
 * measured, which others skip.
 *
 * @param result always PASSED: nothing else is signed
 * @param configuration what the model was made from and judged with
 * @param passedTests the limits that were kept
 * @param warnedTests what does not speak against the model, and should be known
 * @param failedTests none
 * @param judgement the figures
 */
public record TestResult(
        String result,
        List<ResourceDescriptor> configuration,
        List<String> passedTests,
        List<String> warnedTests,
        List<String> failedTests,

        @JsonProperty("https://safefinetune.dev/judgement/v1")
        Judgement judgement) {
    static final String TYPE = "https://in-toto.io/attestation/test-result/v0.1";
    static final String PASSED = "PASSED";

    public TestResult {
        if (!PASSED.equals(result)) {
            throw new IllegalArgumentException("result must be " + PASSED + ", was " + result);
        }
        configuration = List.copyOf(configuration);
        passedTests = List.copyOf(passedTests);
        warnedTests = List.copyOf(warnedTests);
        failedTests = List.copyOf(failedTests);
        if (!failedTests.isEmpty()) {
            throw new IllegalArgumentException("failedTests must be empty where the result is " + PASSED);
        }
        if (judgement == null) {
            throw new IllegalArgumentException("the judgement is missing");
        }
    }
}
