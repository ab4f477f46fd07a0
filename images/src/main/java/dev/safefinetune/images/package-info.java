/**
 * The images of operator and trainer, made from the built tree without a base image: a Java runtime cut to measure, the
 * system's shared libraries that it needs, the application, and a list of all of it.
 *
 * <p>The same inputs give the same bytes: fixed times, sorted entries, nothing of the place or the hour of the build.
 */
@NullMarked
package dev.safefinetune.images;

import org.jspecify.annotations.NullMarked;
