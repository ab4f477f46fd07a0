package dev.safefinetune.operator.progress;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.safefinetune.contract.Stage;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tokens that the API server has vouched for within the last minute, by their hash and for the one run they were good for.
 * Three of a report's five API calls are saved by it. A pod that is deleted meanwhile may still be believed for that
 * minute; what it says is shown and nothing else, and the run itself is looked up each time.
 */
final class KnownTokens {
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final long MOST = 10_000;

    private record Known(Stage stage, Instant until) {}

    private final Cache<String, Known> known = Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(LIFE)
            .executor(Runnable::run)
            .build();
    private final InstantSource clock;

    KnownTokens(InstantSource clock) {
        this.clock = clock;
    }

    /** The stage that the token's pod works at, by what is known or by asking. */
    Optional<Stage> stage(String token, String resourceUid, String run, Supplier<Optional<Stage>> asking) {
        String key = hash(token + "\n" + resourceUid + "\n" + run);
        Known before = known.getIfPresent(key);
        if (before != null && clock.instant().isBefore(before.until())) {
            return Optional.of(before.stage());
        }
        Optional<Stage> stage = asking.get();
        stage.ifPresent(value -> expiry(token).ifPresent(until -> known.put(key, new Known(value, until))));
        return stage;
    }

    /** When an accepted token ends; none: it does not say so, and is asked about each time. */
    private static Optional<Instant> expiry(String token) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            JsonNode claims =
                    Serialization.jsonMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
            return claims.path("exp").canConvertToLong()
                    ? Optional.of(Instant.ofEpochSecond(claims.path("exp").asLong()))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
