/** The safety report as a page for people: one file, nothing fetched, light and dark. */
@NullMarked
package dev.safefinetune.trainer.evaluate.report;

import org.jspecify.annotations.NullMarked;
