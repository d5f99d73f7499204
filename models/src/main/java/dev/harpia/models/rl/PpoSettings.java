package dev.harpia.models.rl;

/**
 * How an actor-critic learns.
 *
 * @param copies environments stepped together
 * @param horizon steps of each between updates
 * @param epochs passes over the steps
 * @param batch steps per update of the weights
 * @param rate Adam's learning rate at the start
 * @param decaying whether rate and clipping fall to 0 along a line
 * @param gamma the discount of a step
 * @param lambda how far advantages look ahead: 0 one step, 1 to the end (Schulman et al. 2016)
 * @param clip how far a probability may move in a phase: its ratio within 1 ± clip; infinite in A2C
 * @param valueWeight the weight of the value function's error
 * @param entropyWeight the reward of keeping choices open
 * @param clipNorm the largest norm of the gradient
 * @param rewardScale what rewards are multiplied by, so that values are of moderate size
 */
public record PpoSettings(
    int copies,
    int horizon,
    int epochs,
    int batch,
    double rate,
    boolean decaying,
    double gamma,
    double lambda,
    double clip,
    float valueWeight,
    float entropyWeight,
    float clipNorm,
    double rewardScale) {
  /** PPO for CartPole. */
  public static PpoSettings ppo() {
    return new PpoSettings(8, 32, 10, 64, 1e-3, true, 0.98, 0.8, 0.2, 0.5f, 0, 0.5f, 1);
  }

  /** PPO for Pendulum. */
  public static PpoSettings pendulum() {
    return new PpoSettings(4, 512, 10, 64, 1e-3, true, 0.9, 0.95, 0.2, 0.5f, 0, 0.5f, 0.1);
  }

  /**
   * Advantage actor-critic: one pass over all steps without clipping. In a first pass all ratios
   * are 1, and the gradient of ratio · advantage is that of ln π · advantage.
   */
  public static PpoSettings a2c() {
    return new PpoSettings(
        8, 16, 1, 128, 1e-3, false, 0.98, 1, Double.POSITIVE_INFINITY, 0.5f, 0, 0.5f, 1);
  }
}
