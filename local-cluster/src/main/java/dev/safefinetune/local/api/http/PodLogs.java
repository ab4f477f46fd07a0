package dev.safefinetune.local.api.http;

import java.nio.file.Path;
import java.util.Optional;

/** Knows where the logs of containers lie. */
@FunctionalInterface
public interface PodLogs {
    /**
     * @param uid the pod's
     * @param container its container
     * @return the file, which grows for as long as the container runs
     */
    Optional<Path> of(String uid, String container);
}
