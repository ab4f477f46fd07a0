/**
 * The custom resources: what users wish for and what the operator says of it.
 *
 * <p>Records of optional fields with their defaults; the schema in {@code crds/} is generated from them. They say nothing
 * of how a run is carried out: that is decided by the operator and written down in the contract.
 */
@NullMarked
package dev.safefinetune.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
