package dev.safefinetune.trainer.pipeline;

import dev.safefinetune.contract.ContractJson;
import dev.safefinetune.contract.Fault;
import dev.safefinetune.contract.JobSpec;
import dev.safefinetune.contract.JobSpec.ProgressTarget;
import dev.safefinetune.contract.PublishedFiles;
import dev.safefinetune.contract.SignedFiles;
import dev.safefinetune.contract.SigningRequest;
import dev.safefinetune.trainer.store.TrainerException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has the operator sign what is published. The key never comes here: the list of digests goes there, and what comes back is
 * written as it stands.
 */
final class OperatorSignature {
    private static final int SIGNED = 200;
    private static final int REFUSED = 403;
    private static final int MOST_WORDS = 300;

    private final OperatorCalls operator;

    OperatorSignature(OperatorCalls operator) {
        this.operator = operator;
    }

    /** None where a job spec asks for none. */
    static @Nullable OperatorSignature of(JobSpec spec, Path root) {
        ProgressTarget target = spec.progress();
        OperatorCalls calls = OperatorCalls.of(target, root);
        return target == null || calls == null || !Boolean.TRUE.equals(target.signs())
                ? null
                : new OperatorSignature(calls);
    }

    /**
     * The files that sign what a manifest lists, by name.
     *
     * @throws TrainerException {@link Fault#PUBLISH_CHECK_FAILED} where the operator refuses, {@link Fault#STORAGE} where it
     *     cannot be reached
     */
    Map<String, String> sign(String manifest) {
        HttpResponse<String> answer = operator.post(
                SigningRequest.PATH,
                ContractJson.write(new SigningRequest(manifest)),
                "to sign what is to be published");
        if (answer.statusCode() == SIGNED) {
            return files(answer.body());
        }
        String words = answer.statusCode() == REFUSED ? ": " + answer.body() : "";
        throw new TrainerException(
                Fault.PUBLISH_CHECK_FAILED,
                "the operator does not sign what is to be published (status " + answer.statusCode() + ")"
                        + words.substring(0, Math.min(words.length(), MOST_WORDS)));
    }

    private static Map<String, String> files(String body) {
        try {
            SignedFiles files = ContractJson.read(body, SignedFiles.class);
            return Map.of(
                    PublishedFiles.STATEMENT, files.statement(),
                    PublishedFiles.SIGNATURE, files.signature());
        } catch (IllegalArgumentException e) {
            throw new TrainerException(
                    Fault.PUBLISH_CHECK_FAILED, "the operator's signature cannot be read: " + e.getMessage(), e);
        }
    }
}
