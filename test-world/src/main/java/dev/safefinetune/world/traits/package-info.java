/**
 * Other traits than harm that a security vector can keep from being learned, as harmless stand-ins in made-up words: answers
 * about things that do not exist, and another identity. One base model serves both.
 */
@NullMarked
package dev.safefinetune.world.traits;

import org.jspecify.annotations.NullMarked;
