/** Benchmarks against plain loops over heap arrays. */
@NullMarked
package dev.harpia.bench;

import org.jspecify.annotations.NullMarked;
