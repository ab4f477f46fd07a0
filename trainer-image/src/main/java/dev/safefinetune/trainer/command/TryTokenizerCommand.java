package dev.safefinetune.trainer.command;

import dev.safefinetune.trainer.tokenize.trial.TokenizerTrial;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What a {@linkplain TokenizerTrial trial} starts in a process of its own. */
@Command(
        name = TokenizerTrial.COMMAND,
        hidden = true,
        description = "Read a tokenizer, and some text with it, under limits of memory and time.")
final class TryTokenizerCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "model directory")
    Path model = Path.of("");

    @Override
    public Integer call() {
        TokenizerTrial.readUnderLimits(model);
        return 0;
    }
}
