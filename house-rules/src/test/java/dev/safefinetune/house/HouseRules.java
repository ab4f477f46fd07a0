package dev.safefinetune.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules, each for a root package, so that the canaries can be held to them as well.
 *
 * @param root {@code dev.safefinetune}, or the canaries' root
 */
record HouseRules(String root) {
    /** The trainer's rooms; each may import only rooms to its left. */
    static final List<String> TRAINER_ROOMS = List.of(
            "store",
            "checkpoint",
            "data",
            "tokenize",
            "tensor",
            "kernel",
            "family",
            "model",
            "adapter",
            "train",
            "vector",
            "evaluate",
            "publish");

    /** And statistics: how many requests a limit needs is a part of what a limit is. */
    ArchRule contractSpeaksOnlyJsonAndJava() {
        return ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(root + ".contract..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        root + ".contract..",
                        "java..",
                        "com.fasterxml.jackson..",
                        "org.apache.commons.statistics..",
                        "org.jspecify.."));
    }

    ArchRule operatorNeverImportsTheEngine() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".operator..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("ai.djl..", root + ".trainer.."));
    }

    ArchRule trainerNeverImportsTheCluster() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".trainer..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.fabric8..", "io.quarkus..", root + ".operator..", root + ".api.."));
    }

    /** Same facts, same decision: no client, clock or logger where decisions and plans are made. */
    ArchRule decisionsArePure() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        root + ".attest..", root + ".checks..", root + ".operator.decide..", root + ".operator.plan..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.fabric8.kubernetes.client..",
                                "io.javaoperatorsdk..",
                                "org.slf4j..",
                                "org.jboss.logging..",
                                "java.util.logging..",
                                "java.net.http..")
                        .and(notAnnotationOrModel()))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime");
    }

    /** The resource classes are data, although Fabric8 keeps their base class beside its client. */
    private static DescribedPredicate<JavaClass> notAnnotationOrModel() {
        return DescribedPredicate.describe(
                "are more than the base class of resources",
                type -> !type.getName().equals("io.fabric8.kubernetes.client.CustomResource"));
    }

    List<ArchRule> trainerDataFlowsOneWay() {
        List<ArchRule> rules = new ArrayList<>();
        for (int room = 0; room < TRAINER_ROOMS.size(); room++) {
            List<String> forbidden = new ArrayList<>();
            for (String later : TRAINER_ROOMS.subList(room + 1, TRAINER_ROOMS.size())) {
                forbidden.add(root + ".trainer." + later + "..");
            }
            forbidden.add(root + ".trainer.pipeline..");
            forbidden.add(root + ".trainer.command..");
            rules.add(noClasses()
                    .that()
                    .resideInAPackage(root + ".trainer." + TRAINER_ROOMS.get(room) + "..")
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(forbidden.toArray(String[]::new))));
        }
        return rules;
    }

    ArchRule roomsHaveNoCycles() {
        return slices().matching(root + ".(*).(*)..").should().beFreeOfCycles();
    }

    ArchRule namesSayTheConcept() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .haveNameMatching(".*(Utils?|Helper|Manager|Impl|Common|Misc)$");
    }
}
