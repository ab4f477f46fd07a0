/** The wire: paths, content types, lists, watches, tables, discovery. */
@NullMarked
package dev.safefinetune.local.api.http;

import org.jspecify.annotations.NullMarked;
