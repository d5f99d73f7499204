/** Networks that others trained, loaded and scored. */
@NullMarked
package dev.harpia.tests.trained;

import org.jspecify.annotations.NullMarked;
