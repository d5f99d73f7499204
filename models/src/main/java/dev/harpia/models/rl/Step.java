package dev.harpia.models.rl;

import java.util.Map;

/**
 * What an environment answers to an action.
 *
 * @param observation what the agent sees now
 * @param reward the reward of the action
 * @param terminated whether the task itself ended: there is no future, its value is 0
 * @param truncated whether the episode was cut off from outside: the future is only not seen
 * @param info diagnostics by name
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier; compared by nobody
public record Step(
    float[] observation,
    double reward,
    boolean terminated,
    boolean truncated,
    Map<String, Double> info) {
  /** Whether the episode is over. */
  public boolean done() {
    return terminated || truncated;
  }
}
