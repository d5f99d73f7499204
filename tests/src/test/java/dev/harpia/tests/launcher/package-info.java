/** The launcher script. */
@NullMarked
package dev.harpia.tests.launcher;

import org.jspecify.annotations.NullMarked;
