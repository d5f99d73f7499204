/**
 * Rules that hold for all of the code: what it may use, how it is exported, how long a file may be.
 */
@NullMarked
package dev.harpia.tests.architecture;

import org.jspecify.annotations.NullMarked;
