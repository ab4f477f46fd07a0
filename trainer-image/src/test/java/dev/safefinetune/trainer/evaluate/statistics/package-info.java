@NullMarked
package dev.safefinetune.trainer.evaluate.statistics;

import org.jspecify.annotations.NullMarked;
