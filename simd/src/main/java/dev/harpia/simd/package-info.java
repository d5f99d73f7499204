/**
 * Vector kernels over raw addresses, the pool of threads and the seam for matrix multiplication.
 */
@NullMarked
package dev.harpia.simd;

import org.jspecify.annotations.NullMarked;
