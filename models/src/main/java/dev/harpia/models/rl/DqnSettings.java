package dev.harpia.models.rl;

/**
 * How a deep Q-network learns.
 *
 * @param hidden units per hidden layer
 * @param rate Adam's learning rate
 * @param gamma the discount of a step
 * @param batch transitions per update
 * @param capacity transitions remembered
 * @param warmup steps before the first update
 * @param every steps between phases of learning
 * @param updates updates per phase
 * @param targetEvery updates between copies to the target network
 * @param exploreSteps steps until exploration is at its least
 * @param leastExploration the probability of a random action from then on
 * @param steps steps per transition, n
 * @param doubled whether the online network chooses and the target network values (van Hasselt
 *     2016)
 * @param dueling whether value and advantages have heads of their own
 * @param prioritised whether large errors are repeated more often
 * @param clipNorm the largest norm of the gradient
 */
public record DqnSettings(
    int hidden,
    double rate,
    double gamma,
    int batch,
    int capacity,
    int warmup,
    int every,
    int updates,
    int targetEvery,
    long exploreSteps,
    double leastExploration,
    int steps,
    boolean doubled,
    boolean dueling,
    boolean prioritised,
    float clipNorm) {
  /** Plain DQN, for tasks like CartPole. */
  public static DqnSettings dqn() {
    return new DqnSettings(
        128, 1e-3, 0.99, 64, 50_000, 1000, 64, 32, 64, 8000, 0.04, 1, false, false, false, 10);
  }

  /** With double Q-learning. */
  public DqnSettings withDouble() {
    return with(steps, true, dueling, prioritised);
  }

  /** With separate heads for value and advantages. */
  public DqnSettings withDueling() {
    return with(steps, doubled, true, prioritised);
  }

  /** With n-step transitions. */
  public DqnSettings withSteps(int n) {
    return with(n, doubled, dueling, prioritised);
  }

  /** With prioritised replay. */
  public DqnSettings withPriorities() {
    return with(steps, doubled, dueling, true);
  }

  /** Double, dueling, 3-step and prioritised: Rainbow without its distributions and noise. */
  public static DqnSettings rainbowLite() {
    return dqn().withDouble().withDueling().withSteps(3).withPriorities();
  }

  private DqnSettings with(int n, boolean twice, boolean heads, boolean priorities) {
    return new DqnSettings(
        hidden,
        rate,
        gamma,
        batch,
        capacity,
        warmup,
        every,
        updates,
        targetEvery,
        exploreSteps,
        leastExploration,
        n,
        twice,
        heads,
        priorities,
        clipNorm);
  }
}
