package dev.safefinetune.local.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Objects as they were at one moment.
 *
 * @param version the resource version of that moment, from which a watch goes on
 */
public record Listing(List<ObjectNode> items, long version) {
    public Listing {
        items = List.copyOf(items);
    }
}
