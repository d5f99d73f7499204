/** The test kit: cases, gradient checks, closeness and goldens. */
@NullMarked
package dev.harpia.tests;

import org.jspecify.annotations.NullMarked;
