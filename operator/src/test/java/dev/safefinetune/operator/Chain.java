package dev.safefinetune.operator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.world.Refusals;
import dev.safefinetune.operator.world.Results;
import dev.safefinetune.operator.world.World;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A world with an operator in it whose clock the test moves, and short ways to what stands on the resources. */
final class Chain implements AfterEachCallback {
    private static final int ENOUGH = 40;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(ahead.get());
    private final Path state;
    final World world;
    final Refusals refusals = new Refusals();
    Steps operator;

    Chain() {
        try {
            state = Files.createTempDirectory("chain");
            world = World.start(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        operator = new Steps(world.client(refusals), World.NAMESPACE, clock);
    }

    /** Another operator takes over; what the first one knew is gone. */
    void restart() {
        operator = new Steps(world.client(refusals), World.NAMESPACE, clock);
    }

    /** Another operator takes over, of an installation that gives so many GPUs, and an image for NVIDIA's or none. */
    void restart(int gpus, boolean cudaImage) {
        operator = new Steps(
                world.client(refusals),
                World.NAMESPACE,
                clock,
                new DecideSettings(Steps.DECIDING.patience(), gpus, cudaImage, true));
    }

    /** Another operator takes over, of an installation that serves nothing to pods. */
    void restartWithoutSuites() {
        operator = new Steps(
                world.client(refusals),
                World.NAMESPACE,
                clock,
                new DecideSettings(Steps.DECIDING.patience(), Steps.DECIDING.gpus(), true, false));
    }

    void pass(Duration time) {
        ahead.updateAndGet(before -> before.plus(time));
    }

    /** Looks at both resources as often as they ask for it at once. */
    void look() {
        for (int i = 0; i < ENOUGH; i++) {
            boolean again = isSoon(operator.vector()) | isSoon(operator.fineTune());
            if (!again) {
                return;
            }
        }
        throw new AssertionError("the operator wants to look again and again");
    }

    private static boolean isSoon(Pace.Next next) {
        Duration after = next.after();
        return after != null && after.compareTo(Duration.ofSeconds(1)) < 0;
    }

    void runToTheEnd(Function<JobSpec, StageResult> trainer) {
        for (int i = 0; i < ENOUGH; i++) {
            look();
            if (!world.pods().run(World.NAMESPACE, trainer)) {
                return;
            }
        }
        throw new AssertionError("no end after " + ENOUGH + " rounds");
    }

    /** A ready vector, and the run at work in a stage. */
    void reach(String stage) {
        world.applyVector();
        runToTheEnd(Results::good);
        world.applyFineTune();
        look();
        for (int i = 0; i < ENOUGH && !jobs().contains("bot-1-" + stage); i++) {
            world.pods().run(World.NAMESPACE, Results::good);
            look();
        }
    }

    void patch(String spec) {
        world.client()
                .resource(world.fineTune())
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
    }

    List<String> jobs() {
        return jobsOf("bot");
    }

    List<String> jobsOf(String fineTune) {
        return world.client().batch().v1().jobs().inNamespace(World.NAMESPACE).list().getItems().stream()
                .map(job -> job.getMetadata().getName())
                .filter(name -> name.startsWith(fineTune + "-"))
                .toList();
    }

    List<String> scratch() {
        return world.client().persistentVolumeClaims().inNamespace(World.NAMESPACE).list().getItems().stream()
                .map(claim -> claim.getMetadata().getName())
                .filter(name -> name.startsWith("bot-"))
                .toList();
    }

    Job job(String name) {
        return world.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(World.NAMESPACE)
                .withName(name)
                .require();
    }

    String condition(String type) {
        return condition("bot", type);
    }

    /** Status and reason. */
    String condition(String fineTune, String type) {
        JsonNode condition = of(fineTune, type);
        return condition.path("status").asText() + " "
                + condition.path("reason").asText();
    }

    String message(String fineTune, String type) {
        return of(fineTune, type).path("message").asText();
    }

    String vectorMessage(String vector, String type) {
        return of(world.vectorNamed(vector), type).path("message").asText();
    }

    private JsonNode of(String fineTune, String type) {
        return of(world.fineTuneNamed(fineTune), type);
    }

    private static JsonNode of(CustomResource<?, ?> resource, String type) {
        for (JsonNode condition : status(resource).path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition;
            }
        }
        throw new AssertionError(resource.getMetadata().getName() + " has no condition " + type);
    }

    /** What stands at a place of the fine-tune's status. */
    String bot(String pointer) {
        return status(world.fineTune()).at(pointer).asText();
    }

    String events() {
        StringBuilder all = new StringBuilder();
        world.client()
                .v1()
                .events()
                .inNamespace(World.NAMESPACE)
                .list()
                .getItems()
                .forEach(event -> all.append(event.getType())
                        .append(' ')
                        .append(event.getReason())
                        .append(' ')
                        .append(event.getMessage())
                        .append('\n'));
        return all.toString();
    }

    static JsonNode status(CustomResource<?, ?> resource) {
        return Serialization.unmarshal(Serialization.asJson(resource.getStatus()), JsonNode.class);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        world.close();
        try (Stream<Path> files = Files.walk(state)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
