/** {@code safe-fine-tune run}: a cluster of one's own, for as long as the manifests take to become Ready. */
@NullMarked
package dev.safefinetune.cli.run;

import org.jspecify.annotations.NullMarked;
