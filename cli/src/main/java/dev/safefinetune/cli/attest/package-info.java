/** The commands for keys and signatures: keygen and verify. Neither asks a cluster or a network. */
@NullMarked
package dev.safefinetune.cli.attest;

import org.jspecify.annotations.NullMarked;
