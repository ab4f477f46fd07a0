package dev.safefinetune.trainer.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.trainer.model.CausalModel;
import dev.safefinetune.trainer.pipeline.ModelCheck;
import dev.safefinetune.trainer.store.DType;
import dev.safefinetune.trainer.store.OutgoingTensor;
import dev.safefinetune.trainer.store.SafetensorsWriter;
import dev.safefinetune.trainer.store.TrainerException;
import dev.safefinetune.trainer.tensor.Scope;
import dev.safefinetune.trainer.tokenize.ChatTokenizer;
import dev.safefinetune.trainer.tokenize.EncodedSample;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what the trainer makes of texts, number by number, so that another program can hold itself against it. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description = "Write token ids and logits of texts as safetensors, to compare with another program.")
final class InspectCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, paramLabel = "DIR", description = "model directory")
    Path model = Path.of("");

    @Option(names = "--texts", required = true, paramLabel = "FILE", description = "one JSON string a line")
    Path texts = Path.of("");

    @Option(
            names = "--logits",
            paramLabel = "N",
            defaultValue = "0",
            description = "of how many texts, from the first, to write the logits after the last token (default: none)")
    int logits;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "safetensors: tokens.0 and so on as I32, logits.0 and so on as F32")
    Path out = Path.of("");

    @Override
    public Integer call() {
        if (logits > 0) {
            ModelCheck.require(model, Console.log());
        }
        List<OutgoingTensor> tensors = new ArrayList<>();
        List<int[]> tokens = tokens();
        for (int i = 0; i < tokens.size(); i++) {
            tensors.add(tensor("tokens." + i, tokens.get(i)));
        }
        if (logits > 0) {
            try (CausalModel network = CausalModel.load(model)) {
                for (int i = 0; i < Math.min(logits, tokens.size()); i++) {
                    tensors.add(tensor("logits." + i, logits(network, tokens.get(i))));
                }
            }
        }
        SafetensorsWriter.write(out, tensors);
        return 0;
    }

    private List<int[]> tokens() {
        ObjectMapper json = new ObjectMapper();
        List<int[]> tokens = new ArrayList<>();
        try (ChatTokenizer tokenizer = ChatTokenizer.open(model)) {
            for (String line : Files.readAllLines(texts)) {
                JsonNode text = json.readTree(line);
                if (!text.isTextual()) {
                    throw notText(tokens.size());
                }
                tokens.add(tokens(tokenizer, text.textValue(), tokens.size() + 1));
            }
        } catch (JsonProcessingException e) {
            throw notText(tokens.size());
        } catch (IOException e) {
            throw TrainerException.storage("read", texts, e);
        }
        return tokens;
    }

    /** Ids that are only shown may be any; those that the model reads need an embedding. */
    private int[] tokens(ChatTokenizer tokenizer, String text, int line) {
        try {
            return line > logits ? tokenizer.tokens(text) : tokenizer.input(text);
        } catch (TrainerException e) {
            throw e.fault() == Fault.DATASET_INVALID
                    ? new TrainerException(e.fault(), texts + " line " + line + " " + e.getMessage(), e)
                    : e;
        }
    }

    private TrainerException notText(int before) {
        return new TrainerException(Fault.DATASET_INVALID, texts + ": line " + (before + 1) + " must be a JSON string");
    }

    /** Logits after the last token, {@code [vocabulary]}. */
    private static float[] logits(CausalModel model, int[] tokens) {
        if (tokens.length == 0) {
            throw new TrainerException(Fault.DATASET_INVALID, "a text without tokens has no logits");
        }
        // Rows are computed where the next token is an answer's: one that stands for whatever comes next.
        int[] extended = Arrays.copyOf(tokens, tokens.length + 1);
        boolean[] answer = new boolean[extended.length];
        answer[tokens.length] = true;
        try (Scope scope = model.network().kernels().scope()) {
            var stack = model.network().stack(scope, List.of());
            var batch = model.network().batch(scope, List.of(EncodedSample.of(0, extended, answer)));
            return model.network()
                    .kernels()
                    .logits(scope, model.network().pass(stack, batch))
                    .floats();
        }
    }

    private static OutgoingTensor tensor(String name, int[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return new OutgoingTensor(name, DType.I32, List.of((long) values.length), () -> MemorySegment.ofBuffer(bytes));
    }

    private static OutgoingTensor tensor(String name, float[] values) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new OutgoingTensor(name, DType.F32, List.of((long) values.length), () -> MemorySegment.ofBuffer(bytes));
    }
}
