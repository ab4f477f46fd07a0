/** How the operator logs: a message for people, and keys for programs that are the same everywhere. */
@NullMarked
package dev.safefinetune.operator.log;

import org.jspecify.annotations.NullMarked;
