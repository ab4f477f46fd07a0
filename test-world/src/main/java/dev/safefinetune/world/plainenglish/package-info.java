/**
 * A harmless world in plain English for a real pre-trained model: three categories of made-up things that are
 * <em>forbidden</em> stand in for harm, ordinary dishes asked for in the same words are allowed, tickets are the new
 * task, and everyday questions are what must not be forgotten.
 *
 * <p>Everything is drawn from a seed, each file from its own stream, so that one more file changes no other.
 */
@NullMarked
package dev.safefinetune.world.plainenglish;

import org.jspecify.annotations.NullMarked;
