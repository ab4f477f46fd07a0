/** What happens between a request that changes an object and the store: patches, defaults, checks, generation, deletion. */
@NullMarked
package dev.safefinetune.local.api.change;

import org.jspecify.annotations.NullMarked;
