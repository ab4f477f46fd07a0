@NullMarked
package dev.safefinetune.world.traits;

import org.jspecify.annotations.NullMarked;
