/**
 * Judges manifests as an API server does: unknown fields, defaults, structural schema, list types and the CRD's CEL
 * rules. Knows nothing of HTTP and nothing of particular kinds; all it is told is a CRD.
 */
@NullMarked
package dev.safefinetune.local.judge;

import org.jspecify.annotations.NullMarked;
