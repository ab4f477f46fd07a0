@NullMarked
package dev.safefinetune.contract;

import org.jspecify.annotations.NullMarked;
