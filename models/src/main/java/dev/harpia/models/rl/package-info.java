/** Reinforcement learning: environments with Gymnasium's semantics, agents, and labs. */
@NullMarked
package dev.harpia.models.rl;

import org.jspecify.annotations.NullMarked;
