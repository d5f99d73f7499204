package dev.harpia.models.rl;

import dev.harpia.models.run.JsonLine;
import java.util.List;
import java.util.Locale;

/** CartPole-v1, solved at a mean return of 475 over 100 consecutive episodes. */
record CartPoleTask(CartPoleSettings settings) implements Task<Integer> {
  private static final double SOLVED = 475;
  private static final double PERFECT = 500;
  private static final int EPISODES = 100;

  @Override
  public String lab() {
    return "cartpole";
  }

  @Override
  public String title() {
    return "Balancing a pole by trial and error";
  }

  @Override
  public String world() {
    return "CartPole-v1: 4 numbers seen, 2 actions, 1 for each of at most 500 steps";
  }

  @Override
  public String agent() {
    return settings.agent().toString();
  }

  @Override
  public int runs() {
    return settings.runs();
  }

  @Override
  public long seed() {
    return settings.seed();
  }

  @Override
  public Learned<Integer> learn(long seed, Learning.Reporter reporter) {
    var goal = new Learning.Goal(4000, PERFECT, EPISODES);
    Learning<Integer> how = new Learning<>(CartPole::v1, goal, seed, reporter);
    return switch (settings.agent()) {
      case DQN, DOUBLE, DUELING, RAINBOW_LITE ->
          Learning.dqn(how, settings.dqn(), settings.steps());
      case REINFORCE -> Learning.reinforce(how, settings.episodes());
      case A2C -> how.actorCritic(PpoSettings.a2c(), settings.steps());
      case PPO -> how.actorCritic(PpoSettings.ppo(), settings.steps());
    };
  }

  @Override
  public Environment<Integer> stage() {
    return CartPole.v1();
  }

  @Override
  public Film film() {
    return new Film(320, 72, 2, 4, 260); // frames of 20 ms: two of them are 4 hundredths
  }

  @Override
  public void tell(Learned<Integer> run, JsonLine line) {
    line.put("solved", run.test().mean() >= SOLVED)
        .put("best_train_mean_100", run.curve().best(EPISODES));
  }

  @Override
  public String judge(List<Learned<Integer>> runs, JsonLine line) {
    long solved = runs.stream().filter(r -> r.test().mean() >= SOLVED).count();
    line.put("solved_runs", solved)
        .put(
            "best_train_mean_100",
            runs.stream().mapToDouble(r -> r.curve().best(EPISODES)).average().orElse(Double.NaN));
    double mean = runs.stream().mapToDouble(r -> r.test().mean()).average().orElse(Double.NaN);
    return String.format(
        Locale.ROOT,
        "mean return %.1f over %d consecutive test episodes (%s, %d of %d runs at %.0f or more)",
        mean,
        EPISODES,
        agent(),
        solved,
        runs.size(),
        SOLVED);
  }
}
