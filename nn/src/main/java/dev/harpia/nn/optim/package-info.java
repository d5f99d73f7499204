/** Optimizers and learning-rate schedules. */
@NullMarked
package dev.harpia.nn.optim;

import org.jspecify.annotations.NullMarked;
