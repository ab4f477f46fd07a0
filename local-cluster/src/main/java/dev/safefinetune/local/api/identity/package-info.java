/** Who asks: the administrator's bearer token, and the tokens of service accounts. */
@NullMarked
package dev.safefinetune.local.api.identity;

import org.jspecify.annotations.NullMarked;
