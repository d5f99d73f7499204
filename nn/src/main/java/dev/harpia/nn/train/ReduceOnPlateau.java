package dev.harpia.nn.train;

import dev.harpia.nn.optim.Plateau;
import dev.harpia.tensor.Tensor;
import java.util.Map;

/**
 * Tells a {@link Plateau} the figure of each epoch, so that the learning rate falls when it stops
 * becoming better.
 *
 * <pre>{@code
 * Plateau rate = new Plateau(1e-3).patience(5);
 * new Trainer(model, Loss::crossEntropy, new Adam(model.parameters(), rate))
 *     .validate(test).callbacks(new ReduceOnPlateau(rate)).fit(train, 100);
 * }</pre>
 */
public final class ReduceOnPlateau implements Callback {
  private final Plateau plateau;
  private final Figure figure;

  /** Watches the loss. */
  public ReduceOnPlateau(Plateau plateau) {
    this(plateau, "loss");
  }

  /**
   * Watches a figure, see {@link EpochResult#figure}; whether higher is better, metrics know for
   * themselves.
   */
  public ReduceOnPlateau(Plateau plateau, String figure) {
    this.plateau = plateau;
    this.figure = new Figure(figure);
  }

  @Override
  public void on(Event event, Training training) {
    switch (event) {
      case Event.Started _ -> {
        if (figure.higherIsBetter(training)) {
          plateau.higherIsBetter();
        }
      }
      case Event.EpochDone(EpochResult result) -> plateau.report(figure.of(result));
      default -> {}
    }
  }

  @Override
  public Map<String, String> state() {
    Plateau.State s = plateau.state();
    return Map.of(
        "rate", Double.toString(s.rate()),
        "best", Double.toString(s.best()),
        "bad", Integer.toString(s.bad()),
        "cooling", Integer.toString(s.cooling()));
  }

  @Override
  public void restore(Map<String, String> state, Map<String, Tensor> tensors) {
    Plateau.State now = plateau.state();
    plateau.restore(
        new Plateau.State(
            Double.parseDouble(state.getOrDefault("rate", Double.toString(now.rate()))),
            Double.parseDouble(state.getOrDefault("best", "NaN")),
            Integer.parseInt(state.getOrDefault("bad", "0")),
            Integer.parseInt(state.getOrDefault("cooling", "0"))));
  }
}
