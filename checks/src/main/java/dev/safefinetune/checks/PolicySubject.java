package dev.safefinetune.checks;

import java.time.Instant;

/**
 * Who is held to policies, and when: waivers are given to somebody and end.
 *
 * @param namespace of the SafeFineTune
 * @param name of the SafeFineTune
 * @param now when the policies are asked
 */
public record PolicySubject(String namespace, String name, Instant now) {}
