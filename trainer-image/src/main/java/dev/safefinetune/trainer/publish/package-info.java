/** Results as others read them: whole models, adapters, model cards, and the checks before anything counts as published. */
@NullMarked
package dev.safefinetune.trainer.publish;

import org.jspecify.annotations.NullMarked;
