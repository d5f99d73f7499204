/** The command line. */
@NullMarked
package dev.harpia.models.cli;

import org.jspecify.annotations.NullMarked;
