package dev.safefinetune.images;

import java.util.List;
import java.util.Map;

/**
 * What an image says of itself.
 *
 * @param reference name and version, as a chart writes it
 * @param user id of user and group, never root's
 * @param layers in the order in which they change: what seldom changes is below
 */
record ImagePlan(
        String reference,
        int user,
        List<String> entrypoint,
        Map<String, String> environment,
        List<Integer> ports,
        Map<String, String> labels,
        List<Layer> layers) {

    /**
     * A layer of the file system.
     *
     * @param paths beginnings of the paths that belong to it; the last layer has none and takes the rest
     */
    record Layer(String name, List<String> paths) {
        boolean holds(String place) {
            return paths.isEmpty() || paths.stream().anyMatch(place::startsWith);
        }
    }

    ImagePlan {
        if (user <= 0) {
            throw new IllegalArgumentException("user must not be root, was %d".formatted(user));
        }
        if (layers.isEmpty() || !layers.getLast().paths().isEmpty()) {
            throw new IllegalArgumentException("the last layer must take what no other does");
        }
    }

    /** Index of the layer that a path belongs to. */
    int layerOf(String place) {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).holds(place)) {
                return i;
            }
        }
        throw new IllegalStateException("no layer holds " + place);
    }
}
