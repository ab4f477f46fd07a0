/**
 * Signed statements about published models, and their proof. Pure: no client, no clock but an instant that is handed in;
 * files are read by {@link dev.safefinetune.attest.PublishedTree} alone.
 */
@NullMarked
package dev.safefinetune.attest;

import org.jspecify.annotations.NullMarked;
