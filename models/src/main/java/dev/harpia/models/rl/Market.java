package dev.harpia.models.rl;

import dev.harpia.tensor.Rng;
import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Trading one good on a simulated market, a decision a day: be short (0), out (1) or long (2) until
 * tomorrow.
 *
 * <p>Reward in per cent: position · 100·(ln pₜ₊₁ − ln pₜ) − {@value #COST}·|change of position|.
 * The observation at day t is made of prices up to t alone, so that the sum of the rewards could
 * have been earned; the episode is cut off after {@value #DAYS} days.
 *
 * <p>Observation, {@value #OBSERVED} numbers: the last {@value #RETURNS} daily returns in units of
 * the noise; the distance from the mean of the last 5, 10, 20, 40 and 60 prices in units of the
 * noise times the root of the days; the present position.
 */
public final class Market extends Episodic<Integer> {
  static final int DAYS = 250;
  static final double COST = 0.05;
  static final int RETURNS = 5;
  private static final int[] WINDOWS = {5, 10, 20, 40, 60};
  static final int OBSERVED = 11;
  private static final int PAST = 60; // days before the first decision

  private final MarketModel model;
  private final double[] prices = new double[PAST + DAYS + 1]; // logarithms
  private final double[] wealth = new double[DAYS + 1];
  private int now;
  private int position;

  /** A market of a kind. */
  public Market(Regime regime) {
    model = new MarketModel(regime);
  }

  @Override
  public Space.Box observationSpace() {
    return Space.Box.of(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, OBSERVED);
  }

  @Override
  public Space.Discrete actionSpace() {
    return new Space.Discrete(3);
  }

  @Override
  float[] begin(Rng rng) {
    model.begin(rng);
    for (now = 0; now < PAST; now++) {
      prices[now] = model.next(rng);
    }
    now = PAST - 1;
    position = 0;
    return observe();
  }

  @Override
  Step advance(Integer action, Rng rng) {
    int wanted = action - 1;
    double cost = COST * Math.abs(wanted - position);
    position = wanted;
    prices[now + 1] = model.next(rng); // tomorrow is drawn only after today's decision
    double reward = 100 * position * (prices[now + 1] - prices[now]) - cost;
    now++;
    int day = now - PAST + 1;
    wealth[day] = wealth[day - 1] + reward;
    Map<String, Double> info = Map.of("price", Math.exp(prices[now]));
    return new Step(observe(), reward, false, day == DAYS, info);
  }

  private float[] observe() {
    float[] seen = new float[OBSERVED];
    for (int i = 0; i < RETURNS; i++) {
      seen[i] = (float) ((prices[now - i] - prices[now - i - 1]) / MarketModel.NOISE);
    }
    for (int w = 0; w < WINDOWS.length; w++) {
      double sum = 0;
      for (int i = 0; i < WINDOWS[w]; i++) {
        sum += prices[now - i];
      }
      double unit = MarketModel.NOISE * Math.sqrt(WINDOWS[w]);
      seen[RETURNS + w] = (float) ((prices[now] - sum / WINDOWS[w]) / unit);
    }
    seen[OBSERVED - 1] = position;
    return seen;
  }

  /** The last hundred days' price, green above where the agent is long and red where short. */
  @Override
  public Scene scene() {
    int from = Math.max(0, now - 100);
    double low = prices[from];
    double high = low;
    for (int i = from; i <= now; i++) {
      low = Math.min(low, prices[i]);
      high = Math.max(high, prices[i]);
    }
    double scale = 40 / Math.max(1e-9, high - low);
    List<Scene.Shape> shapes = new ArrayList<>();
    for (int i = from; i < now; i++) {
      double x = i - from;
      double y0 = (prices[i] - low) * scale;
      double y1 = (prices[i + 1] - low) * scale;
      shapes.add(new Scene.Line(x, y0, x + 1, y1, 0.6, Color.DARK_GRAY));
    }
    Color colour = position > 0 ? new Color(5, 150, 105) : new Color(220, 38, 38);
    double y = (prices[now] - low) * scale;
    if (position != 0) {
      shapes.add(new Scene.Disc(now - from, y, 1.6, colour));
    }
    // a bar of the wealth: per cent since the first day, ten to a unit
    double won = wealth[Math.max(0, now - PAST + 1)];
    double length = Math.clamp(won, -50, 50);
    shapes.add(new Scene.Line(50, -7, 50, -3, 0.4, Color.GRAY));
    Color side = won < 0 ? new Color(220, 38, 38) : new Color(5, 150, 105);
    shapes.add(new Scene.Rectangle(Math.min(50, 50 + length), -6, Math.abs(length), 2, side));
    return new Scene(-2, -9, 104, 43, shapes);
  }
}
