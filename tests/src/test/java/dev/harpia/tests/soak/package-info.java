/** Long runs under load. */
@NullMarked
package dev.harpia.tests.soak;

import org.jspecify.annotations.NullMarked;
