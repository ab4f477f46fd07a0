package dev.safefinetune.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class HouseRulesTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.safefinetune");
    private static final JavaClasses CANARIES = new ClassFileImporter().importPackages("canary");

    private static Map<String, ArchRule> rules(String root) {
        HouseRules rules = new HouseRules(root);
        Map<String, ArchRule> named = new LinkedHashMap<>();
        named.put("contract speaks only JSON and Java", rules.contractSpeaksOnlyJsonAndJava());
        named.put("operator never imports the engine", rules.operatorNeverImportsTheEngine());
        named.put("trainer never imports the cluster", rules.trainerNeverImportsTheCluster());
        named.put("decisions are pure", rules.decisionsArePure());
        named.put("rooms have no cycles", rules.roomsHaveNoCycles());
        named.put("names say the concept", rules.namesSayTheConcept());
        return named;
    }

    @TestFactory
    Stream<DynamicTest> theHouseKeepsItsRules() {
        return rules("dev.safefinetune").entrySet().stream()
                .map(rule -> dynamicTest(rule.getKey(), () -> rule.getValue().check(HOUSE)));
    }

    @TestFactory
    Stream<DynamicTest> trainerDataFlowsOneWay() {
        List<ArchRule> rules = new HouseRules("dev.safefinetune").trainerDataFlowsOneWay();
        return rules.stream().map(rule -> dynamicTest(rule.getDescription(), () -> rule.check(HOUSE)));
    }

    @TestFactory
    Stream<DynamicTest> aCanaryTurnsEachRuleRed() {
        return rules("canary").entrySet().stream()
                .map(rule -> dynamicTest(
                        rule.getKey(),
                        () -> assertThatCode(() -> rule.getValue().check(CANARIES))
                                .isInstanceOf(AssertionError.class)
                                .hasMessageContaining("canary.")));
    }

    @Test
    void aCanaryTurnsTheTrainersOrderRed() {
        ArchRule store = new HouseRules("canary").trainerDataFlowsOneWay().getFirst();

        assertThatCode(() -> store.check(CANARIES))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("canary.trainer.publish");
    }

    @Test
    void looksAtTheClassesOfEveryModule() {
        for (String module : List.of("contract", "api", "operator", "trainer", "local", "cli", "world")) {
            assertThat(HOUSE.stream().anyMatch(type -> type.getPackageName().startsWith("dev.safefinetune." + module)))
                    .as("classes of dev.safefinetune." + module)
                    .isTrue();
        }
    }
}
