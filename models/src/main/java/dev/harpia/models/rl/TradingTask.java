package dev.harpia.models.rl;

import dev.harpia.models.run.JsonLine;
import dev.harpia.tensor.Rng;
import java.util.List;
import java.util.Locale;

/**
 * Learns to trade on a {@link Market} with double deep Q-learning, against holding and against
 * chance on the same prices.
 *
 * @param steps days of training
 */
record TradingTask(Regime regime, long steps, int runs, long seed) implements Task<Integer> {
  private static final int EPISODES = 200;
  private static final long SAME_MARKETS = 77_000_003;

  @Override
  public String lab() {
    return "trading";
  }

  @Override
  public String title() {
    return "Learning to trade on a simulated market";
  }

  @Override
  public String world() {
    return regime
        + " market: 11 numbers seen, short, out or long for a day, per cent of log return less "
        + Market.COST
        + " for each change of position by one";
  }

  @Override
  public String agent() {
    return "double dqn, " + regime;
  }

  static DqnSettings settings(long steps) {
    long explore = Math.max(1, steps / 3);
    return new DqnSettings(
        64, 1e-3, 0.9, 128, 100_000, 1000, 64, 16, 200, explore, 0.02, 1, true, false, false, 10);
  }

  @Override
  public Learned<Integer> learn(long seed, Learning.Reporter reporter) {
    var goal = new Learning.Goal(Math.max(2000, steps / 15), Double.POSITIVE_INFINITY, EPISODES);
    return Learning.dqn(
        new Learning<>(() -> new Market(regime), goal, seed, reporter), settings(steps), steps);
  }

  @Override
  public Environment<Integer> stage() {
    return new Market(regime);
  }

  @Override
  public Film film() {
    return new Film(424, 84, 1, 8, 250);
  }

  @Override
  public void tell(Learned<Integer> run, JsonLine line) {
    line.put("sharpe_ratio", sharpe(run.test()));
  }

  /** Mean over deviation of a year's return. */
  private static double sharpe(Evaluation years) {
    return years.std() > 0 ? years.mean() / years.std() : Double.NaN;
  }

  private Evaluation on(Agent<Integer> agent) {
    return Evaluation.of(new Market(regime), agent, EPISODES, SAME_MARKETS + seed);
  }

  @Override
  public String judge(List<Learned<Integer>> runs, JsonLine line) {
    List<Evaluation> years = runs.stream().map(r -> on(r.agent())).toList();
    double mean = years.stream().mapToDouble(Evaluation::mean).average().orElse(Double.NaN);
    double sharpe = years.stream().mapToDouble(TradingTask::sharpe).average().orElse(Double.NaN);
    double error = years.getFirst().std() / Math.sqrt(EPISODES);
    Evaluation held = on(observation -> 2);
    Evaluation chance = on(new RandomAgent<>(new Space.Discrete(3), new Rng(seed)));
    line.put("regime", regime.toString())
        .put("same_prices_mean", mean)
        .put("standard_error", error)
        .put("sharpe_ratio", sharpe)
        .put("buy_and_hold_mean", held.mean())
        .put("buy_and_hold_sharpe", sharpe(held))
        .put("random_mean", chance.mean());
    return String.format(
        Locale.ROOT,
        "%+.1f %% a year ± %.1f (%s market, %d years not seen before, log returns after costs;"
            + " Sharpe ratio %.2f); on the same prices buy and hold %+.1f %%, at random %+.1f %%",
        mean,
        error,
        regime,
        EPISODES,
        sharpe,
        held.mean(),
        chance.mean());
  }
}
