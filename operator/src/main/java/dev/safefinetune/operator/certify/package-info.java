/**
 * The operator's own authority and the certificate that it serves progress with: made by itself, kept in a Secret that all
 * replicas share, renewed before it ends.
 */
@NullMarked
package dev.safefinetune.operator.certify;

import org.jspecify.annotations.NullMarked;
