package dev.safefinetune.operator.decide;

import dev.safefinetune.api.v1alpha1.Reason;
import dev.safefinetune.api.v1alpha1.StageStatus;
import dev.safefinetune.contract.Digest;
import dev.safefinetune.contract.Inputs;
import dev.safefinetune.contract.Stage;
import dev.safefinetune.contract.StageFigures;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether what the last stage has published is what was judged, by the digests that the operator has written down. */
final class PublishedBytes {
    private PublishedBytes() {}

    /**
     * The end of a run that has published anything else.
     *
     * @param stage that has published
     * @param artifact what was to be published, by the names of {@link Inputs}
     * @param told digests that the stage was told to work from
     * @param recorded stages as they stand on the resource
     */
    static Optional<Decision> refusal(
            Stage stage,
            StageFigures.Publication publication,
            String artifact,
            Inputs told,
            List<StageStatus> recorded) {
        Digest judged = told.digests().get(artifact);
        if (judged == null) {
            return Optional.of(new Decision.Fail(
                    stage,
                    Reason.NOT_VERIFIED,
                    "no stage has stated the digest of what was judged (" + artifact + ")"));
        }
        return Stream.concat(Stream.of(judged.value()), recorded.stream().map(status -> output(status, artifact)))
                .filter(Objects::nonNull)
                .filter(digest -> !digest.equals(publication.digest().value()))
                .findFirst()
                .map(digest -> new Decision.Fail(
                        stage,
                        Reason.PUBLISH_CHECK_FAILED,
                        "at " + publication.uri() + " lies what has the digest " + publication.digest()
                                + ", what was judged has " + digest + "; do not use what lies there"));
    }

    private static @Nullable String output(StageStatus stage, String artifact) {
        return stage.outputs() == null ? null : stage.outputs().get(artifact);
    }
}
