/** {@code safe-fine-tune audit}: what was fine-tuned, by which verdicts and policies, and what lies there without one. */
@NullMarked
package dev.safefinetune.cli.audit;

import org.jspecify.annotations.NullMarked;
