package dev.safefinetune.cluster.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A wrong value is refused by its name before anything reaches a cluster; each set of ci/ is not. */
class ChartValuesIT {
    @TempDir
    Path home = Path.of(".");

    static List<Path> valueSets() {
        return Chart.valueSets();
    }

    @ParameterizedTest
    @MethodSource("valueSets")
    void theLinterFindsNothing(Path values) {
        Tool.named("helm", home).run("lint", "--strict", Chart.DIRECTORY.toString(), "--values", values.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --set        | replica=2                            | additional properties 'replica' not allowed
            --set        | image.tagg=1                         | at '/image': additional properties 'tagg' not allowed
            --set        | image=operator:1                     | at '/image': got string, want object
            --set        | image.digest=0.1.0                   | at '/image/digest': '0.1.0' does not match pattern
            --set        | image.repository=operator@sha256     | at '/image/repository'
            --set        | image.pullPolicy=always              | value must be one of 'Always', 'IfNotPresent', 'Never'
            --set        | trainer.image=trainer:1              | at '/trainer/image': got string, want object
            --set        | trainer.gpus=one                     | at '/trainer/gpus': got string, want integer
            --set        | trainer.gpus=-1                      | at '/trainer/gpus': minimum: got -1, want 0
            --set        | trainer.cuda.image=cuda:1            | at '/trainer/cuda/image': got string, want object
            --set        | trainer.cuda.image.repository=a@b    | at '/trainer/cuda/image/repository'
            --set        | trainer.cuda.image.tag=1             | at '/trainer/cuda/image/tag'
            --set        | trainer.resources.files.limits.gpu=1 | at '/trainer/resources/files/limits': additional properties
            --set        | trainer.resources.files.limits.cpu=x | at '/trainer/resources/files/limits/cpu': 'x' does not match
            --set        | trainer.copiedLabels={te am}         | at '/trainer/copiedLabels/0': 'te am' does not match pattern
            --set        | trainer.copiedLabels={dapr.io/}      | at '/trainer/copiedLabels/0': 'not' failed
            --set        | trainer.copiedAnnotations={istio.io/rev} | at '/trainer/copiedAnnotations/0': 'not' failed
            --set        | replicas=-1                          | at '/replicas': minimum: got -1, want 0
            --set-string | replicas=1                           | at '/replicas': got string, want integer
            --set        | watchNamespaces=team-a               | at '/watchNamespaces': got string, want array
            --set        | watchNamespaces={Team A}             | at '/watchNamespaces/0': 'Team A' does not match pattern
            --set        | watchNamespaces={a,a}                 | at '/watchNamespaces': items at 0 and 1 are equal
            --set        | progress.intervalSeconds=0           | at '/progress/intervalSeconds': minimum: got 0, want 1
            --set        | patience=soon                        | at '/patience': 'soon' does not match pattern
            --set        | scratch.size=50 GB                   | at '/scratch/size': '50 GB' does not match pattern
            --set        | log.level=verbose                    | at '/log/level': value must be one of
            --set        | podDisruptionBudget.maxUnavailable=x | at '/podDisruptionBudget/maxUnavailable'
            --set        | networkPolicy.apiServer.cidrs={here} | at '/networkPolicy/apiServer/cidrs/0': 'here' does not match
            --set        | networkPolicy.apiServer.ports={0}    | at '/networkPolicy/apiServer/ports/0': minimum: got 0
            --set        | networkPolicy.dns=null               | at '/networkPolicy': missing property 'dns'
            --set        | crds.install=maybe                   | at '/crds/install': got string, want boolean
            --set        | admission.enabled=auto               | at '/admission/enabled': got string, want boolean
            --set        | admission.actions={Deny,Warn}        | at '/admission/actions': 'enum' failed
            --set        | admission.allowedImages={app:1}      | at '/admission/allowedImages/0': 'app:1' does not match pattern
            --set        | admission.namespaceSelector=null     | at '/admission': missing property 'namespaceSelector'
            --set        | admission.namespaceSelector.matchLabels=null | at '/admission/namespaceSelector': minProperties
            --set        | admission.otherResources={fuse}      | at '/admission/otherResources/0': 'fuse' does not match pattern
            --set        | admission.protectedLabels={a b}      | at '/admission/protectedLabels/0': 'a b' does not match pattern
            """)
    void aWrongValueIsNamed(String flag, String value, String refusal) {
        Tool.Said said =
                Tool.named("helm", home).attempt("template", Chart.RELEASE, Chart.DIRECTORY.toString(), flag, value);
        assertThat(said.isFine()).isFalse();
        assertThat(said.err())
                .contains("don't meet the specifications of the schema")
                .contains(refusal);
    }
}
