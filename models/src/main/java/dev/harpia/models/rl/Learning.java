package dev.harpia.models.rl;

import dev.harpia.nn.Layer;
import dev.harpia.tensor.Rng;
import java.util.function.Supplier;

/**
 * Runs of learning in one world: training, evaluations between, the best weights back, a test.
 *
 * @param world makes the environments; training and evaluations have their own
 * @param goal when to look, when to stop, how to test
 * @param seed fixes weights, worlds, and exploration
 * @param reporter told how it goes
 * @param <A> an action
 */
record Learning<A>(
    Supplier<Environment<A>> world, Goal goal, long seed, Learning.Reporter reporter) {
  private static final long EVALUATION_SEED = 1_000_003;
  private static final long TEST_SEED = 2_000_003;

  /** Told how learning goes, after each evaluation. */
  interface Reporter {
    void at(long steps, LearningCurve curve);
  }

  /**
   * When learning is looked at, and when it is enough.
   *
   * @param every steps between evaluations
   * @param enough the mean return that ends learning when two evaluations running reach it
   * @param tests episodes of the test
   */
  record Goal(long every, double enough, int tests) {}

  /** Deep Q-learning, for at most so many steps. */
  static Learned<Integer> dqn(Learning<Integer> how, DqnSettings settings, long most) {
    Rng.seed(how.seed());
    long start = System.nanoTime();
    Environment<Integer> world = how.world().get();
    int actions = ((Space.Discrete) world.actionSpace()).n();
    DqnAgent agent = new DqnAgent(settings, world.observationSize(), actions);
    DqnTraining training = new DqnTraining(world, agent, settings, how.seed());
    Checks<Integer> checks = how.checks(agent, agent.network(), training.curve());
    long steps = training.run(most, checks::solved);
    checks.restoreBest();
    agent.refresh();
    return how.test(agent, agent.network(), training.curve(), steps, start);
  }

  /** REINFORCE as in the course: all episodes, and the last weights. */
  static Learned<Integer> reinforce(Learning<Integer> how, int episodes) {
    Rng.seed(how.seed());
    long start = System.nanoTime();
    Environment<Integer> world = how.world().get();
    int actions = ((Space.Discrete) world.actionSpace()).n();
    Reinforce agent = new Reinforce(world.observationSize(), actions);
    LearningCurve curve = new LearningCurve();
    Checks<Integer> checks = how.never().checks(agent, agent.network(), curve);
    long steps = agent.train(world, episodes, how.seed(), curve, checks);
    return how.test(agent, agent.network(), curve, steps, start);
  }

  /** An actor-critic, for about so many steps. */
  Learned<A> actorCritic(PpoSettings settings, long most) {
    Environment<A> one = world.get();
    int outputs = PolicyHead.of(one.actionSpace()).outputs();
    return actorCritic(settings, () -> new ActorCritic(one.observationSize(), outputs, 0), most);
  }

  /** An actor-critic with a network of its own kind. */
  Learned<A> actorCritic(PpoSettings settings, Supplier<ActorCritic> network, long most) {
    Rng.seed(seed);
    long start = System.nanoTime();
    Environment<A> one = world.get();
    PpoAgent<A> agent =
        new PpoAgent<>(settings, one.observationSize(), one.actionSpace(), network.get());
    LearningCurve curve = new LearningCurve();
    Checks<A> checks = checks(agent, agent.network(), curve);
    long steps = agent.train(world, most, seed, curve, checks);
    checks.restoreBest();
    agent.refresh();
    return test(agent, agent.network(), curve, steps, start);
  }

  private Learning<A> never() {
    Goal unlimited = new Goal(goal.every(), Double.POSITIVE_INFINITY, goal.tests());
    return new Learning<>(world, unlimited, seed, reporter);
  }

  private Checks<A> checks(Agent<A> agent, Layer network, LearningCurve curve) {
    return new Checks<>(
        world.get(),
        agent,
        network,
        curve,
        goal.every(),
        goal.enough(),
        EVALUATION_SEED + seed,
        steps -> reporter.at(steps, curve));
  }

  private Learned<A> test(
      Agent<A> agent, Layer network, LearningCurve curve, long steps, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    Evaluation test = Evaluation.of(world.get(), agent, goal.tests(), TEST_SEED + seed);
    return new Learned<>(agent, network, curve, steps, seconds, test);
  }
}
