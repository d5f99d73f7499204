package dev.harpia.nn.train;

import dev.harpia.nn.optim.Schedule;
import dev.harpia.tensor.Tensor;
import java.util.Map;

/**
 * A learning rate that falls when a figure stops becoming better, as PyTorch's {@code
 * ReduceLROnPlateau}. It is the optimizer's schedule and the trainer's callback at once:
 *
 * <pre>{@code
 * var rate = new ReduceOnPlateau(1e-3, 0.1, 5);
 * new Trainer(model, Loss::crossEntropy, new Adam(model.parameters(), rate))
 *     .validate(test).callbacks(rate).fit(train, 100);
 * }</pre>
 */
public final class ReduceOnPlateau implements Callback, Schedule {
  private final double initial;
  private final double factor;
  private final int patience;
  private Figure figure = new Figure("loss");
  private double threshold = 1e-4;
  private int cooldown;
  private double least;
  private double rate;
  private double best = Double.NaN;
  private int bad;
  private int cooling;

  /**
   * Begins with {@code rate}, and multiplies it by {@code factor} after more than {@code patience}
   * epochs without a smaller loss.
   */
  public ReduceOnPlateau(double rate, double factor, int patience) {
    if (!(rate > 0) || !(factor > 0 && factor < 1) || patience < 0) {
      throw new IllegalArgumentException(
          "plateau: rate "
              + rate
              + " must be positive, factor "
              + factor
              + " between 0 and 1, patience "
              + patience
              + " at least 0");
    }
    this.initial = rate;
    this.rate = rate;
    this.factor = factor;
    this.patience = patience;
  }

  /** Watches another figure, see {@link EpochResult#figure}. */
  public ReduceOnPlateau watch(String figure) {
    this.figure = new Figure(figure);
    return this;
  }

  /** Better is better by this share of the best, 1e-4 unless set. */
  public ReduceOnPlateau threshold(double share) {
    this.threshold = share;
    return this;
  }

  /** Waits {@code epochs} after a reduction before counting again. */
  public ReduceOnPlateau cooldown(int epochs) {
    this.cooldown = epochs;
    return this;
  }

  /** Never goes below {@code rate}. */
  public ReduceOnPlateau least(double rate) {
    this.least = rate;
    return this;
  }

  @Override
  public double at(long step) {
    return rate;
  }

  @Override
  public void on(Event event, Training training) {
    switch (event) {
      case Event.Started s when !s.resumed() -> {
        rate = initial;
        best = Double.NaN;
        bad = 0;
        cooling = 0;
      }
      case Event.EpochDone(EpochResult result) ->
          judge(figure.of(result), figure.higherIsBetter(training));
      default -> {}
    }
  }

  /** Counts an epoch's figure. */
  void judge(double value, boolean higher) {
    double margin = Double.isNaN(best) ? 0 : threshold * best;
    if (Figure.better(value, best, margin, higher)) {
      best = value;
      bad = 0;
    } else {
      bad++;
    }
    if (cooling > 0) {
      cooling--;
      bad = 0;
    }
    if (bad > patience) {
      rate = Math.max(rate * factor, least);
      cooling = cooldown;
      bad = 0;
    }
  }

  @Override
  public Map<String, String> state() {
    return Map.of(
        "rate", Double.toString(rate),
        "best", Double.toString(best),
        "bad", Integer.toString(bad),
        "cooling", Integer.toString(cooling));
  }

  @Override
  public void restore(Map<String, String> state, Map<String, Tensor> tensors) {
    rate = Double.parseDouble(state.getOrDefault("rate", Double.toString(initial)));
    best = Double.parseDouble(state.getOrDefault("best", "NaN"));
    bad = Integer.parseInt(state.getOrDefault("bad", "0"));
    cooling = Integer.parseInt(state.getOrDefault("cooling", "0"));
  }
}
