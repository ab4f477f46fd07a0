/** Writes the CRDs, the API reference and the list of conditions, and holds the committed copies to them. */
@NullMarked
package dev.safefinetune.api.generate;

import org.jspecify.annotations.NullMarked;
