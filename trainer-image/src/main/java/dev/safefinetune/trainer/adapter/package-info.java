/** Low-rank adapters (Hu et al., arXiv 2106.09685): made, read, written in PEFT's format, merged. */
@NullMarked
package dev.safefinetune.trainer.adapter;

import org.jspecify.annotations.NullMarked;
