/** What has to be right before the operator may begin: it can be reached, it has its rights, its CRDs are of its release. */
@NullMarked
package dev.safefinetune.operator.preflight;

import org.jspecify.annotations.NullMarked;
