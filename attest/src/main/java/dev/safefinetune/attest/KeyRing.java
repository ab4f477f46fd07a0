package dev.safefinetune.attest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keys of which each is believed: while one takes another's place, both. */
public record KeyRing(List<VerifyingKey> keys) {
    public KeyRing {
        keys = List.copyOf(keys);
    }

    Optional<VerifyingKey> byId(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /**
     * The key of an id.
     *
     * @throws AttestException where there is none, or its time is over
     */
    VerifyingKey require(String id, Instant now) throws AttestException {
        VerifyingKey key = byId(id).orElseThrow(() -> new AttestException(
                "it is signed with the key " + id + ", which is none of the " + keys.size() + " that were named"));
        if (!key.isValid(now)) {
            throw new AttestException("it is signed with the key " + id + ", which ended at " + key.notAfter());
        }
        return key;
    }
}
