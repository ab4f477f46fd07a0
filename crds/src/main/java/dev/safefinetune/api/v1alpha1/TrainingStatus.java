package dev.safefinetune.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.Locale;

/** What training computes on. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingStatus(
        @JsonPropertyDescription("Device: cpu, or the name of the extended resource that counts the GPUs.") @Required
        String device,

        @JsonPropertyDescription("GPUs of the pod; 0 on processors.") @Required
        Integer gpus,

        @JsonPropertyDescription("Format of the numbers that training computes with.") @Required
        String precision) {
    /** The device where there is no GPU. */
    public static final String CPU = "cpu";

    /** The name of a precision, as {@link #precision} has it. */
    public static String name(dev.safefinetune.contract.Precision precision) {
        return precision.name().toLowerCase(Locale.ROOT);
    }

    /** So many GPUs of a resource; none: processors. */
    public static TrainingStatus of(int gpus, String gpuResource, String precision) {
        return new TrainingStatus(gpus == 0 ? CPU : gpuResource, gpus, precision);
    }
}
