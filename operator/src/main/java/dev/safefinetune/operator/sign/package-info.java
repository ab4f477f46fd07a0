/**
 * What the operator vouches for with its own key: the key in a Secret of its own namespace, the public keys in a ConfigMap
 * for everybody, and the statement about a model that has passed.
 */
@NullMarked
package dev.safefinetune.operator.sign;

import org.jspecify.annotations.NullMarked;
