/** Layers and losses, under the names that PyTorch uses. */
@NullMarked
package dev.harpia.nn;

import org.jspecify.annotations.NullMarked;
