/**
 * What Quarkus generates at build time, brought into one order. Two builds of the same sources give classes that do the
 * same and differ in their bytes: names are numbered, and lists are written, in the order in which build threads came by
 * or in which a set of classes was hashed. Quarkus 3.33 has no setting for it.
 */
@NullMarked
package dev.safefinetune.images.quarkus;

import org.jspecify.annotations.NullMarked;
