/** What a resource's status and events say, from the facts and the decision; then written, if it changed. */
@NullMarked
package dev.safefinetune.operator.report;

import org.jspecify.annotations.NullMarked;
