/**
 * Compiled inference: a computation traced once, folded, fused, placed in memory, and run without
 * touching the Java heap.
 */
@NullMarked
package dev.harpia.nn.plan;

import org.jspecify.annotations.NullMarked;
