/** From conversations to token ids: the tokenizer, the chat template, and which tokens bear loss. */
@NullMarked
package dev.safefinetune.trainer.tokenize;

import org.jspecify.annotations.NullMarked;
