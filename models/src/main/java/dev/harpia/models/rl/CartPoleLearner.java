package dev.harpia.models.rl;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Rng;
import java.util.function.LongConsumer;

/** One run of learning CartPole: an agent, how it learned, and how good it is. */
record CartPoleLearner(
    Agent<Integer> agent,
    Layer network,
    LearningCurve curve,
    long steps,
    double seconds,
    Evaluation test) {
  private static final long EVALUATION_SEED = 1_000_003;
  private static final long TEST_SEED = 2_000_003;
  private static final double SOLVED = 500;

  static CartPoleLearner learn(CartPoleSettings settings, long seed, Reporter reporter) {
    Rng.seed(seed);
    long start = System.nanoTime();
    Environment<Integer> world = CartPole.v1();
    int size = world.observationSize();
    return switch (settings.agent()) {
      case DQN, DOUBLE, DUELING, RAINBOW_LITE -> {
        DqnAgent agent = new DqnAgent(settings.dqn(), size, 2);
        DqnTraining training = new DqnTraining(world, agent, settings.dqn(), seed);
        var checks = checks(agent, agent.network(), training.curve(), SOLVED, seed, reporter);
        long steps = training.run(settings.steps(), checks);
        checks.restoreBest();
        agent.refresh();
        yield of(agent, agent.network(), training.curve(), steps, start, seed);
      }
      case REINFORCE -> {
        Reinforce agent = new Reinforce(size, 2);
        LearningCurve curve = new LearningCurve();
        // as in the course: all episodes, and the last weights
        double never = Double.POSITIVE_INFINITY;
        var checks = checks(agent, agent.network(), curve, never, seed, reporter);
        long steps = agent.train(world, settings.episodes(), seed, curve, checks);
        yield of(agent, agent.network(), curve, steps, start, seed);
      }
      case A2C, PPO -> {
        boolean a2c = settings.agent() == CartPoleSettings.Method.A2C;
        PpoSettings how = a2c ? PpoSettings.a2c() : PpoSettings.ppo();
        var agent = new PpoAgent<>(how, size, world.actionSpace());
        LearningCurve curve = new LearningCurve();
        var checks = checks(agent, agent.network(), curve, SOLVED, seed, reporter);
        long steps = agent.train(CartPole::v1, settings.steps(), seed, curve, checks);
        checks.restoreBest();
        agent.refresh();
        yield of(agent, agent.network(), curve, steps, start, seed);
      }
    };
  }

  /** Told how learning goes. */
  interface Reporter {
    void at(long steps, LearningCurve curve);
  }

  private static Checks<Integer> checks(
      Agent<Integer> agent,
      Layer network,
      LearningCurve curve,
      double enough,
      long seed,
      Reporter reporter) {
    LongConsumer progress = steps -> reporter.at(steps, curve);
    return new Checks<>(
        CartPole.v1(), agent, network, curve, 4000, enough, EVALUATION_SEED + seed, progress);
  }

  private static CartPoleLearner of(
      Agent<Integer> agent, Layer network, LearningCurve curve, long steps, long start, long seed) {
    double seconds = (System.nanoTime() - start) / 1e9;
    Evaluation test = Evaluation.of(CartPole.v1(), agent, 100, TEST_SEED + seed);
    return new CartPoleLearner(agent, network, curve, steps, seconds, test);
  }

  /** The time of an action in µs at two quantiles, of the compiled code. */
  double[] latency() {
    float[] observation = CartPole.v1().reset(1);
    long[] nanos = new long[20_000];
    for (int i = 0; i < nanos.length; i++) {
      long t = System.nanoTime();
      agent.act(observation);
      nanos[i] = System.nanoTime() - t;
    }
    long[] last = java.util.Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    java.util.Arrays.sort(last);
    return new double[] {last[last.length / 2] / 1e3, last[last.length * 99 / 100] / 1e3};
  }
}
