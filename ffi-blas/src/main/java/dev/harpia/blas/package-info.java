/** OpenBLAS: found, verified, loaded, and offered as a matrix multiplication. */
@NullMarked
package dev.harpia.blas;

import org.jspecify.annotations.NullMarked;
