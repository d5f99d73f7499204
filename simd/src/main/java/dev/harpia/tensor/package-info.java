/** Tensors, automatic differentiation and the memory that they live in. */
@NullMarked
package dev.harpia.tensor;

import org.jspecify.annotations.NullMarked;
