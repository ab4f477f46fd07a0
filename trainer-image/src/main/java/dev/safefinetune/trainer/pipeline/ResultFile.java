package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.StageFigures;
import dev.safefinetune.contract.StageResult;
import dev.safefinetune.trainer.store.TrainerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The file that a kubelet reads as the termination message. It may be a mounted file, which no rename can replace, so it
 * is written in place by one call; a reader that finds half of it finds no JSON and takes nothing for granted.
 */
public final class ResultFile {
    /** Findings of a result that is shortened. */
    static final int FINDINGS = 4;

    /** Characters of each. */
    static final int FINDING_LENGTH = 160;

    private ResultFile() {}

    /**
     * Writes a result, shortened where it is longer than a kubelet keeps.
     *
     * @return what was written: a fault where even the shortened result is too long, which the exit code then has to say too
     */
    public static StageResult write(Path file, StageResult result) {
        StageResult fitting = fitting(result);
        byte[] json = bytes(fitting);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(json);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        } catch (IOException e) {
            throw TrainerException.storage("write the result to", file, e);
        }
        return fitting;
    }

    private static StageResult fitting(StageResult result) {
        if (bytes(result).length <= StageResult.MAX_BYTES) {
            return result;
        }
        return fits(result)
                ? shortened(result)
                : StageResult.failed(
                                result.run(), result.stage(), Fault.INTERNAL, "the result is longer than a pod may say")
                        .toldBy(result.jobSpec());
    }

    /** Whether a result can be told, if need be shortened. */
    static boolean fits(StageResult result) {
        return bytes(shortened(result)).length <= StageResult.MAX_BYTES;
    }

    private static byte[] bytes(StageResult result) {
        return ContractJson.write(result).getBytes(StandardCharsets.UTF_8);
    }

    private static StageResult shortened(StageResult result) {
        Fault fault = result.fault();
        if (fault != null) {
            // A message is bounded in characters, and a character may be four bytes.
            String message = String.valueOf(result.message());
            return StageResult.failed(
                            result.run(), result.stage(), fault, message.substring(0, Math.min(message.length(), 600)))
                    .toldBy(result.jobSpec());
        }
        StageFigures figures = result.figures();
        if (figures instanceof StageFigures.Evaluation e) {
            figures = new StageFigures.Evaluation(
                    e.verdict(),
                    few(e.findings()),
                    e.base(),
                    e.secured(),
                    e.plain(),
                    e.refusals(),
                    e.neither(),
                    e.newTask(),
                    e.oldTasks(),
                    e.suiteProved(),
                    e.inForms(),
                    e.judge(),
                    e.beforeRepair());
        } else if (figures instanceof StageFigures.Readiness r) {
            figures = new StageFigures.Readiness(
                    r.verdict(),
                    few(r.findings()),
                    r.gateDrop(),
                    r.gateShare(),
                    r.replay(),
                    r.firstTokenCompliance(),
                    r.categories(),
                    r.benignIncrease(),
                    r.randomExplained(),
                    r.provenSuites(),
                    r.tokenGate());
        }
        return figures == null
                ? result
                : StageResult.done(result.run(), result.stage(), result.outputs(), figures)
                        .toldBy(result.jobSpec());
    }

    private static List<String> few(List<String> findings) {
        return findings.stream()
                .limit(FINDINGS)
                .map(f -> f.length() > FINDING_LENGTH ? f.substring(0, FINDING_LENGTH) + "…" : f)
                .toList();
    }
}
