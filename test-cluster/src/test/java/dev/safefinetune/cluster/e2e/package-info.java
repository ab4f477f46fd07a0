/**
 * The end-to-end suite, on the cluster that KUBECONFIG names: what a user does and sees, as the API server shows it. Tests
 * tagged {@code nodes} reach into the nodes of a Kind cluster.
 */
@NullMarked
package dev.safefinetune.cluster.e2e;

import org.jspecify.annotations.NullMarked;
