package dev.safefinetune.local.runner;

import java.util.Map;
import java.util.Optional;

/** The images that this machine has. */
public final class Images {
    private final Map<String, LocalImage> byName;

    /**
     * @param byName by repository, without tag and digest
     */
    public Images(Map<String, LocalImage> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** The image behind a reference such as {@code registry/name:tag@digest}. */
    Optional<LocalImage> find(String reference) {
        String name = reference.contains("@") ? reference.substring(0, reference.indexOf('@')) : reference;
        int tag = name.lastIndexOf(':');
        return Optional.ofNullable(byName.get(tag > name.lastIndexOf('/') ? name.substring(0, tag) : name));
    }
}
