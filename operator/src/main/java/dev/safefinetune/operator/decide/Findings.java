package dev.safefinetune.operator.decide;

import java.util.List;

/** What a judgement found, in a condition's message. */
final class Findings {
    private Findings() {}

    static String sentence(List<String> findings) {
        return findings.isEmpty() ? "refused without a finding; see the report" : String.join(" ", findings);
    }
}
