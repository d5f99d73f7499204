/** Optimizers and schedules against PyTorch's numbers. */
@NullMarked
package dev.harpia.tests.golden;

import org.jspecify.annotations.NullMarked;
