/**
 * An in-process Kubernetes API server for one machine.
 *
 * <p>It serves what this project, Fabric8's client and {@code kubectl} use, and answers that as a real API server does; the
 * conformance tests run against both. It knows no roles: the administrator's token may do everything, a service
 * account's token nothing but be reviewed.
 */
@NullMarked
package dev.safefinetune.local.api;

import org.jspecify.annotations.NullMarked;
