/** Reinforcement learning: our loop beside the same loop over plain heap arrays. */
@NullMarked
package dev.harpia.bench.rl;

import org.jspecify.annotations.NullMarked;
