package dev.safefinetune.operator.decide;

import java.util.List;

/** What a judgement found, in a condition's message. */
final class Findings {
    private Findings() {}

    /** One finding as it is; several are numbered, because none of them ends with a full stop. */
    static String sentence(List<String> findings) {
        if (findings.isEmpty()) {
            return "the verdict is Failed and the result names no finding; the log of the stage's pod may say more";
        }
        if (findings.size() == 1) {
            return findings.getFirst();
        }
        StringBuilder text = new StringBuilder(findings.size() + " findings:");
        for (int i = 0; i < findings.size(); i++) {
            String finding = findings.get(i);
            text.append(" (").append(i + 1).append(") ").append(finding).append(finding.endsWith(".") ? "" : ".");
        }
        return text.toString();
    }
}
