/**
 * The made-up world of the quickstart: about 250 words, recipes for things that do not exist, half of them forbidden,
 * and list tasks. Small enough to train a model in it within minutes, rich enough that a security vector has something
 * to do; nothing in it could harm anybody.
 */
@NullMarked
package dev.safefinetune.world.quickstart;

import org.jspecify.annotations.NullMarked;
