package dev.safefinetune.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefinetune.api.v1alpha1.NamespaceSelector;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyScopeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                                     | true",
                "{matchLabels: {env: prod}}                                             | true",
                "{matchLabels: {env: dev}}                                              | false",
                "{matchLabels: {env: prod, team: b}}                                    | false",
                "{matchExpressions: [{key: env, operator: In, values: [dev, prod]}]}    | true",
                "{matchExpressions: [{key: env, operator: In, values: [dev]}]}          | false",
                "{matchExpressions: [{key: none, operator: In, values: [dev]}]}         | false",
                "{matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}       | true",
                "{matchExpressions: [{key: env, operator: NotIn, values: [prod]}]}      | false",
                "{matchExpressions: [{key: none, operator: NotIn, values: [prod]}]}     | true",
                "{matchExpressions: [{key: env, operator: Exists}]}                     | true",
                "{matchExpressions: [{key: none, operator: Exists}]}                    | false",
                "{matchExpressions: [{key: none, operator: DoesNotExist}]}              | true",
                "{matchExpressions: [{key: env, operator: DoesNotExist}]}               | false",
                "{matchLabels: {env: prod}, matchExpressions: [{key: none, operator: Exists}]} | false"
            })
    void followsTheRulesOfLabelSelectors(String selector, boolean selects) {
        assertThat(PolicyScope.selects(
                        Wishes.read(selector, NamespaceSelector.class), Map.of("env", "prod", "team", "a")))
                .isEqualTo(selects);
    }
}
