/**
 * The part of Jinja that chat templates use, rendered as transformers renders it.
 *
 * <p>A template comes with a model and is not trusted: it can read what it is given and write text, within limits on work
 * and length, and nothing else. What it is given stays text: braces in a message are never evaluated.
 */
@NullMarked
package dev.safefinetune.trainer.tokenize.jinja;

import org.jspecify.annotations.NullMarked;
