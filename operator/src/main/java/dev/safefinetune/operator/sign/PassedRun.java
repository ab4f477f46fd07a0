package dev.safefinetune.operator.sign;

import dev.safefinetune.api.v1alpha1.EvaluationStatus;
import dev.safefinetune.api.v1alpha1.OutputContent;
import dev.safefinetune.api.v1alpha1.RateStatus;
import dev.safefinetune.api.v1alpha1.ResolvedStatus;
import dev.safefinetune.api.v1alpha1.ResolvedVector;
import dev.safefinetune.api.v1alpha1.SafeFineTune;
import dev.safefinetune.api.v1alpha1.SafeFineTuneStatus;
import dev.safefinetune.api.v1alpha1.SafetyVerdict;
import dev.safefinetune.api.v1alpha1.StageState;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.attest.Judgement;
import dev.safefinetune.attest.ResourceDescriptor;
import dev.safefinetune.attest.TestResult;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.EvaluationThresholds;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run whose model has passed, as it is written down on the resource, and nothing else: no file of the user's, no word of a
 * pod.
 *
 * @param resource whose status is the operator's
 * @param status of the run
 * @param evaluation that the model has passed
 * @param outputs digests of what the stages have left, by artifact
 */
record PassedRun(
        SafeFineTune resource, SafeFineTuneStatus status, EvaluationStatus evaluation, Map<String, String> outputs) {

    /** The run, if it is the one, its model has passed, and its last stage is at work. */
    static Optional<PassedRun> of(SafeFineTune resource, String run) {
        SafeFineTuneStatus status = resource.getStatus();
        if (status == null
                || status.run() == null
                || !status.run().id().equals(run)
                || status.stages() == null
                || status.safety() == null
                || status.safety().evaluation() == null) {
            return Optional.empty();
        }
        EvaluationStatus evaluation = status.safety().evaluation();
        Map<String, String> outputs = new TreeMap<>();
        for (StageStatus stage : status.stages()) {
            if (stage.outputs() != null) {
                outputs.putAll(stage.outputs());
            }
        }
        boolean passed = evaluation.verdict() == SafetyVerdict.PASSED
                && state(status, Stage.EVALUATE) == StageState.SUCCEEDED
                && state(status, Stage.PUBLISH) == StageState.RUNNING;
        return passed ? Optional.of(new PassedRun(resource, status, evaluation, outputs)) : Optional.empty();
    }

    private static @Nullable StageState state(SafeFineTuneStatus status, Stage stage) {
        return Objects.requireNonNull(status.stages()).stream()
                .filter(each -> each.name().equals(stage.text()))
                .map(StageStatus::state)
                .findFirst()
                .orElse(null);
    }

    /** The digest of what was judged, in the form that is published. */
    Optional<Digest> judged() {
        boolean repaired = outputs.containsKey(Inputs.REPAIRED);
        String artifact = isAdapter()
                ? repaired ? Inputs.REPAIRED_ADAPTER : Inputs.ADAPTER
                : repaired ? Inputs.REPAIRED : Inputs.SECURED;
        return Optional.ofNullable(outputs.get(artifact)).map(Digest::new);
    }

    private boolean isAdapter() {
        return resource.getSpec().output().content() == OutputContent.ADAPTER;
    }

    /** Whether the figures still keep limits: a policy may have been tightened since they were measured. */
    boolean keeps(EvaluationThresholds limits) {
        RateStatus gated = evaluation.inForms() != null ? evaluation.inForms() : evaluation.secured();
        return gated != null
                && new BigDecimal(gated.upper95()).compareTo(BigDecimal.valueOf(limits.maxHarmfulRate())) <= 0;
    }

    /** The verdict as it is signed. */
    TestResult verdict(EvaluationThresholds limits, Instant now) {
        SortedMap<String, String> held = new TreeMap<>();
        held.put("maxHarmfulRate", text(limits.maxHarmfulRate()));
        held.put("maxIncreaseOverBase", text(limits.maxIncreaseOverBase()));
        held.put("maxUtilityDrop", text(limits.maxUtilityDrop()));
        held.put("maxRefusalDrop", text(limits.maxRefusalDrop()));
        var metadata = resource.getMetadata();
        Judgement judgement = new Judgement(
                Objects.requireNonNull(status.run()).id(),
                metadata.getNamespace() + "/" + metadata.getName(),
                isAdapter() ? "Adapter" : "Merged",
                policies(),
                held,
                figures(),
                evaluation.suiteProved(),
                status.resolved() == null ? null : status.resolved().attempt(),
                now);
        List<String> warned = Boolean.TRUE.equals(evaluation.suiteProved()) ? List.of() : List.of("suiteProved");
        return new TestResult("PASSED", configuration(), List.copyOf(held.keySet()), warned, List.of(), judgement);
    }

    /** With what was waived, or broken and not enforced: whoever reads the statement has to see it. */
    private List<Judgement.Policy> policies() {
        ResolvedStatus resolved = status.resolved();
        return resolved == null || resolved.held() == null
                ? List.of()
                : resolved.held().stream()
                        .map(held -> new Judgement.Policy(
                                held.policy(),
                                text(held.enforcement()),
                                held.waivers() == null
                                        ? List.of()
                                        : held.waivers().stream()
                                                .map(waiver -> text(waiver.waives()))
                                                .toList(),
                                held.notEnforced() != null))
                        .toList();
    }

    /** As the API writes it. */
    private static String text(Enum<?> value) {
        return Serialization.jsonMapper().valueToTree(value).asText();
    }

    private static String text(double limit) {
        return BigDecimal.valueOf(limit).toPlainString();
    }

    private SortedMap<String, Judgement.Figure> figures() {
        SortedMap<String, Judgement.Figure> figures = new TreeMap<>();
        add(figures, "base", evaluation.base());
        add(figures, "secured", evaluation.secured());
        add(figures, "plain", evaluation.plain());
        add(figures, "refusals", evaluation.refusals());
        add(figures, "neither", evaluation.neither());
        add(figures, "newTask", evaluation.newTask());
        add(figures, "oldTasks", evaluation.oldTasks());
        add(figures, "inForms", evaluation.inForms());
        add(figures, "beforeRepair", evaluation.beforeRepair());
        return figures;
    }

    private static void add(SortedMap<String, Judgement.Figure> figures, String name, @Nullable RateStatus rate) {
        if (rate != null) {
            figures.put(name, new Judgement.Figure(rate.rate(), rate.lower95(), rate.upper95(), rate.n()));
        }
    }

    /** What it was made from and judged with: the digests that stages have stated, the spec's, the vectors', the image. */
    private List<ResourceDescriptor> configuration() {
        List<ResourceDescriptor> all = new ArrayList<>();
        outputs.forEach((name, digest) -> all.add(ResourceDescriptor.of(name, new Digest(digest))));
        String spec = Objects.requireNonNull(status.run()).specHash();
        if (spec != null) {
            all.add(ResourceDescriptor.of("spec", new Digest(spec)));
        }
        ResolvedStatus resolved = status.resolved();
        if (resolved == null) {
            return all;
        }
        if (resolved.vectors() != null) {
            for (ResolvedVector vector : resolved.vectors()) {
                all.add(ResourceDescriptor.of("vector " + vector.name(), new Digest(vector.digest())));
            }
        } else if (resolved.vector() != null) {
            all.add(ResourceDescriptor.of("vector", new Digest(resolved.vector())));
        }
        if (resolved.image() != null) {
            all.add(ResourceDescriptor.ofImage("trainer", resolved.image()));
        }
        return all;
    }
}
