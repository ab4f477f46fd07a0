package dev.safefinetune.operator.world;

import dev.safefinetune.operator.decide.DecideSettings;
import dev.safefinetune.operator.plan.Allotment;
import dev.safefinetune.operator.plan.CopiedKeys;
import dev.safefinetune.operator.plan.PlanSettings;
import dev.safefinetune.operator.plan.TrainerImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What the operator decides about every run where its installation sets nothing. */
public final class ShippedSettings {
    private static final Properties ALL = read();

    public static final Allotment FILES = allotment("files");
    public static final Allotment COMPUTE = allotment("compute");
    public static final CopiedKeys COPIED =
            new CopiedKeys(List.of(), list("safe-fine-tune.trainer.copied-annotations"));

    private ShippedSettings() {}

    /** Settings of a test's installation. */
    public static PlanSettings with(String image, @Nullable String pullPolicy, String progressUrl, String scratchSize) {
        return with(image, pullPolicy, progressUrl, scratchSize, COPIED);
    }

    /** The same with other keys that are copied. */
    public static PlanSettings with(
            String image, @Nullable String pullPolicy, String progressUrl, String scratchSize, CopiedKeys copied) {
        return new PlanSettings(
                new TrainerImage(image, pullPolicy),
                new TrainerImage(image + "-cuda", pullPolicy),
                progressUrl,
                null,
                5,
                true,
                scratchSize,
                null,
                FILES,
                COMPUTE,
                copied);
    }

    /** What is decided where no resource says it; a test's installation has an image for NVIDIA GPUs. */
    public static DecideSettings deciding(Duration patience) {
        return new DecideSettings(
                patience, Integer.parseInt(ALL.getProperty("safe-fine-tune.trainer.gpus")), true, true);
    }

    /** A setting that is a list. */
    public static List<String> list(String setting) {
        return List.of(ALL.getProperty(setting).split(","));
    }

    private static Allotment allotment(String stages) {
        String setting = "safe-fine-tune.trainer." + stages;
        return Allotment.parse(setting, list(setting + ".requests"), list(setting + ".limits"));
    }

    private static Properties read() {
        Properties properties = new Properties();
        try (InputStream file = Objects.requireNonNull(
                ShippedSettings.class.getResourceAsStream("/application.properties"), "application.properties")) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
