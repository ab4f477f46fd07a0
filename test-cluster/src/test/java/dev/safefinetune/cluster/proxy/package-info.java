/** A proxy between the operator and the API server that counts writes, and loses requests, answers and watch events. */
@NullMarked
package dev.safefinetune.cluster.proxy;

import org.jspecify.annotations.NullMarked;
