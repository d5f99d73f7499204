package dev.harpia.nn.optim;

/**
 * A rate that falls when a figure stops becoming better (ReduceLROnPlateau), for training loops of
 * one's own: give it to the optimizer, and {@link #report} the figure after each epoch.
 *
 * <pre>{@code
 * Plateau rate = new Plateau(1e-3).factor(0.5).patience(5);
 * Optimizer adam = new Adam(model.parameters(), rate);
 * …
 * rate.report(validationLoss);
 * }</pre>
 *
 * <p>It is not a function of the step alone: {@link #state} belongs in checkpoints.
 */
public final class Plateau implements Schedule {
  /** What it remembers. */
  public record State(double rate, double best, int bad, int cooling) {}

  /** A fall that is smaller than this is none. */
  private static final double SMALLEST = 1e-8;

  private double factor = 0.1;
  private int patience = 10;
  private int cooldown;
  private double threshold = 1e-4;
  private boolean absolute;
  private boolean higher;
  private double least;
  private State state;

  /** Falls to a tenth after more than 10 reports that are not smaller by 1e-4 of the best. */
  public Plateau(double rate) {
    Schedules.rate(rate);
    state = new State(rate, Double.NaN, 0, 0);
  }

  /** What the rate is multiplied with. */
  public Plateau factor(double factor) {
    if (!(factor > 0 && factor < 1)) {
      throw new IllegalArgumentException("plateau: factor " + factor + ": must be in (0, 1)");
    }
    this.factor = factor;
    return this;
  }

  /** How many reports in a row may be no better. */
  public Plateau patience(int reports) {
    Schedules.atLeast("plateau: patience", reports, 0);
    patience = reports;
    return this;
  }

  /** How many reports after a fall do not count. */
  public Plateau cooldown(int reports) {
    Schedules.atLeast("plateau: cooldown", reports, 0);
    cooldown = reports;
    return this;
  }

  /** Better is better by this share of the best. */
  public Plateau threshold(double share) {
    return threshold(share, false);
  }

  /** Better is better by this much. */
  public Plateau absoluteThreshold(double amount) {
    return threshold(amount, true);
  }

  private Plateau threshold(double value, boolean isAbsolute) {
    if (!(value >= 0)) {
      throw new IllegalArgumentException("plateau: threshold " + value + ": must be at least 0");
    }
    threshold = value;
    absolute = isAbsolute;
    return this;
  }

  /** The rate never falls below this. */
  public Plateau least(double rate) {
    Schedules.rate(rate);
    least = rate;
    return this;
  }

  /** Higher figures are better. */
  public Plateau higherIsBetter() {
    higher = true;
    return this;
  }

  @Override
  public double at(long step) {
    return state.rate;
  }

  /** Tells the figure; whether the rate fell. */
  public boolean report(double figure) {
    boolean better = better(figure);
    int bad = better ? 0 : state.bad + 1;
    int cooling = state.cooling;
    if (cooling > 0) {
      cooling--;
      bad = 0;
    }
    double rate = state.rate;
    if (bad > patience) {
      double lower = Math.max(rate * factor, least);
      rate = rate - lower > SMALLEST ? lower : rate;
      cooling = cooldown;
      bad = 0;
    }
    boolean fell = rate != state.rate;
    state = new State(rate, better ? figure : state.best, bad, cooling);
    return fell;
  }

  private boolean better(double figure) {
    double best = state.best;
    if (Double.isNaN(best)) {
      return !Double.isNaN(figure);
    }
    double bound = absolute ? threshold : threshold * best;
    return higher ? figure > best + bound : figure < best - bound;
  }

  /** What it remembers, for checkpoints. */
  public State state() {
    return state;
  }

  /** Goes on from a saved state. */
  public void restore(State saved) {
    state = saved;
  }
}
