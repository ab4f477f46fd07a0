/** {@code safe-fine-tune validate}: judges manifests with no cluster and no model, and says where a fault lies. */
@NullMarked
package dev.safefinetune.cli.validate;

import org.jspecify.annotations.NullMarked;
