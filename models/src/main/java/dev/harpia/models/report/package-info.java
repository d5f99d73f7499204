/** The page that a lab leaves behind: what was done, with what, and what came out. */
@NullMarked
package dev.harpia.models.report;

import org.jspecify.annotations.NullMarked;
