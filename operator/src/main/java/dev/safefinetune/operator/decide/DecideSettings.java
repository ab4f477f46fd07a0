package dev.safefinetune.operator.decide;

import java.time.Duration;

/**
 * What the installation decides about decisions.
 *
 * @param patience how long after a resource was made the things that it names may be missing before it is stalled:
 *     manifests of one set are applied one by one
 */
public record DecideSettings(Duration patience) {}
