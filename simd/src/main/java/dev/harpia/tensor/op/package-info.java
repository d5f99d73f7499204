/**
 * The operations behind {@link dev.harpia.tensor.Tensor}: one value type each, with forward and
 * backward pass.
 */
@NullMarked
package dev.harpia.tensor.op;

import org.jspecify.annotations.NullMarked;
