package dev.harpia.nn.train;

import dev.harpia.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ends a run when a figure, by default the validation loss, has not become better for a number of
 * epochs, and puts the weights of the best epoch back.
 */
public final class EarlyStopping implements Callback {
  private final int patience;
  private final Figure figure;
  private final double by;
  private final Map<String, Tensor> kept = new LinkedHashMap<>();
  private double best = Double.NaN;
  private long bestEpoch;
  private int waited;

  /** Stops after {@code patience} epochs without a smaller loss. */
  public EarlyStopping(int patience) {
    this(patience, "loss", 0);
  }

  /**
   * Stops after {@code patience} epochs in which a figure did not become better by more than {@code
   * by}.
   *
   * @param figure {@code loss}, {@code accuracy} …, see {@link EpochResult#figure}
   */
  public EarlyStopping(int patience, String figure, double by) {
    if (patience < 1 || !(by >= 0)) {
      throw new IllegalArgumentException(
          "early stopping: patience "
              + patience
              + " must be at least 1, the improvement "
              + by
              + " at least 0");
    }
    this.patience = patience;
    this.figure = new Figure(figure);
    this.by = by;
  }

  /** The epoch that was best, from 1; 0 before the first. */
  public long bestEpoch() {
    return bestEpoch;
  }

  @Override
  public void on(Event event, Training training) {
    switch (event) {
      case Event.Started s when !s.resumed() -> {
        best = Double.NaN;
        waited = 0;
        bestEpoch = 0;
        kept.clear();
      }
      case Event.Started _ -> stopIfDue(training); // it may have been saved at its end
      case Event.EpochDone(EpochResult result) -> judge(result, training);
      case Event.Finished _ -> putBack(training);
      default -> {}
    }
  }

  private void judge(EpochResult result, Training training) {
    double value = figure.of(result);
    if (Figure.better(value, best, by, figure.higherIsBetter(training))) {
      best = value;
      bestEpoch = result.epoch();
      waited = 0;
      training.model().state().forEach(this::keep);
    } else {
      waited++;
      stopIfDue(training);
    }
  }

  private void stopIfDue(Training training) {
    if (waited >= patience) {
      training.stop(
          "no better %s for %d epochs; the best was epoch %d"
              .formatted(figure.name(), waited, bestEpoch));
    }
  }

  private void keep(String name, Tensor t) {
    Tensor mine = kept.get(name);
    if (mine == null) {
      kept.put(name, t.copy());
    } else {
      mine.copyFrom(t);
    }
  }

  private void putBack(Training training) {
    training.model().state().forEach((name, t) -> t.copyFrom(kept.getOrDefault(name, t)));
  }

  @Override
  public Map<String, String> state() {
    return Map.of(
        "best", Double.toString(best),
        "best_epoch", Long.toString(bestEpoch),
        "waited", Integer.toString(waited));
  }

  @Override
  public Map<String, Tensor> tensors() {
    return kept;
  }

  @Override
  public void restore(Map<String, String> state, Map<String, Tensor> tensors) {
    best = Double.parseDouble(state.getOrDefault("best", "NaN"));
    bestEpoch = Long.parseLong(state.getOrDefault("best_epoch", "0"));
    waited = Integer.parseInt(state.getOrDefault("waited", "0"));
    kept.clear();
    tensors.forEach((name, t) -> kept.put(name, t.copy()));
  }
}
