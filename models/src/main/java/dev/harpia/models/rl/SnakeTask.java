package dev.harpia.models.rl;

import dev.harpia.models.run.JsonLine;
import dev.harpia.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Learns {@link Snake} with double, dueling deep Q-learning over 3-step returns.
 *
 * @param side of the board
 * @param steps the most steps in the environment
 */
record SnakeTask(int side, long steps, int runs, long seed) implements Task<Integer> {
  private static final int EPISODES = 100;

  @Override
  public String lab() {
    return "snake";
  }

  @Override
  public String title() {
    return "Learning to play Snake";
  }

  @Override
  public String world() {
    return side
        + " × "
        + side
        + " fields: 27 numbers seen, 3 actions, 1 for a bite, −1 for running into something";
  }

  @Override
  public String agent() {
    return "dqn (double, dueling, 3-step)";
  }

  static DqnSettings settings(long steps) {
    long explore = Math.max(1, steps / 4);
    return new DqnSettings(
        128, 5e-4, 0.95, 64, 100_000, 1000, 32, 16, 250, explore, 0.01, 3, true, true, false, 10);
  }

  @Override
  public Learned<Integer> learn(long seed, Learning.Reporter reporter) {
    // the board cannot be eaten more than empty: learning never stops early
    var goal = new Learning.Goal(Math.max(2000, steps / 20), side * side, EPISODES);
    return Learning.dqn(
        new Learning<>(() -> new Snake(side), goal, seed, reporter), settings(steps), steps);
  }

  @Override
  public Environment<Integer> stage() {
    return new Snake(side);
  }

  @Override
  public Film film() {
    return new Film(288, 2 * (side + 2), 1, 8, 400);
  }

  @Override
  public void tell(Learned<Integer> run, JsonLine line) {
    line.put("best_return", best(run));
  }

  private static double best(Learned<Integer> run) {
    return Arrays.stream(run.test().returns()).max().orElse(Double.NaN);
  }

  @Override
  public String judge(List<Learned<Integer>> runs, JsonLine line) {
    double mean = runs.stream().mapToDouble(r -> r.test().mean()).average().orElse(Double.NaN);
    double best = runs.stream().mapToDouble(SnakeTask::best).max().orElse(Double.NaN);
    Snake board = new Snake(side);
    var random = new RandomAgent<>(board.actionSpace(), new Rng(seed));
    double chance = Evaluation.of(board, random, EPISODES, seed).mean();
    line.put("best_return", best).put("random_return", chance).put("side", side);
    return String.format(
        Locale.ROOT,
        "mean return %.1f over %d test episodes on %d × %d fields (bites, less 1 for a crash); best"
            + " %.0f; at random %.1f",
        mean,
        EPISODES,
        side,
        side,
        best,
        chance);
  }
}
