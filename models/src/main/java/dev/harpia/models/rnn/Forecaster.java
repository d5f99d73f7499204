package dev.harpia.models.rnn;

import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.TensorDataset;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.nn.train.Callback;
import dev.harpia.nn.train.Trainer;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;

/**
 * Foretells the next value of a series from the last ones: an LSTM reads a window, relative to its
 * last value and in units of the series' usual step, and a linear layer gives the next step.
 *
 * <pre>{@code
 * Forecaster f = Forecaster.learn(past, 24, 40, 1);
 * double next = f.next(past);
 * double[] year = f.ahead(past, 12); // each from those before it
 * }</pre>
 */
public final class Forecaster {
  private static final int HIDDEN = 32;
  private static final int BATCH = 32;
  private static final double RATE = 0.01;

  /** Shapes: x [N, T, 1], y [N, 1]. */
  private static final class Network extends Layer {
    private final LSTM lstm = layer("lstm", new LSTM(1, HIDDEN));
    private final Linear out = layer("out", new Linear(HIDDEN, 1));

    @Override
    public Tensor forward(Tensor x) {
      return out.forward(lstm.forward(x, null).state().h().select(0, 0));
    }
  }

  private final Network network = new Network();
  private final int window;
  private final double unit;

  private Forecaster(int window, double unit) {
    this.window = window;
    this.unit = unit;
  }

  /**
   * Learns from a series.
   *
   * @param window how many values are looked at
   * @param epochs passes over the series
   */
  public static Forecaster learn(double[] series, int window, int epochs, long seed) {
    return learn(series, window, epochs, seed, (event, training) -> {});
  }

  /** As {@link #learn(double[], int, int, long)}, told of the training's events. */
  public static Forecaster learn(
      double[] series, int window, int epochs, long seed, Callback callback) {
    if (window < 2 || series.length < 2 * window) {
      throw new IllegalArgumentException(
          "forecast: window %d, %d values to learn from: a window is at least 2, and the values at least two windows"
              .formatted(window, series.length));
    }
    double sum = 0;
    for (int i = 0; i < series.length; i++) {
      if (!Double.isFinite(series[i])) {
        throw new IllegalArgumentException("forecast: value " + i + " is " + series[i]);
      }
      sum += i == 0 ? 0 : Math.pow(series[i] - series[i - 1], 2);
    }
    double step = Math.sqrt(sum / (series.length - 1)); // root mean square
    Rng.seed(seed);
    Forecaster f = new Forecaster(window, step > 0 ? step : 1);
    int n = series.length - window;
    float[] x = new float[n * window];
    float[] y = new float[n];
    for (int i = 0; i < n; i++) {
      f.fill(series, i + window, x, i * window);
      y[i] = (float) ((series[i + window] - series[i + window - 1]) / f.unit);
    }
    TensorDataset windows =
        new TensorDataset(Tensor.of(x, Shape.of(n, window, 1)), Tensor.of(y, Shape.of(n, 1)));
    DataLoader loader = DataLoader.of(windows, BATCH).shuffle(seed);
    long steps = (long) epochs * loader.batches();
    Schedule rate = Schedule.cosine(RATE, Math.min(50, steps / 10), Math.max(1, steps));
    new Trainer(f.network, Loss::mse, new Adam(f.network.parameters(), rate).clipNorm(1))
        .callbacks(callback)
        .fit(loader, epochs);
    return f;
  }

  /** The window before {@code end}, relative to its last value. */
  private void fill(double[] series, int end, float[] to, int at) {
    for (int t = 0; t < window; t++) {
      to[at + t] = (float) ((series[end - window + t] - series[end - 1]) / unit);
    }
  }

  /** The value after a series, of which there must be a window at least. */
  public double next(double... series) {
    return ahead(series, 1)[0];
  }

  /** The values after a series, each foretold from those before it, foretold ones too. */
  public double[] ahead(double[] series, int count) {
    if (series.length < window) {
      throw new IllegalArgumentException(
          "forecast: %d values: at least a window's %d are needed"
              .formatted(series.length, window));
    }
    double[] all = Arrays.copyOf(series, series.length + count);
    float[] x = new float[window];
    for (int end = series.length; end < all.length; end++) {
      fill(all, end, x, 0);
      try (var _ = Scope.inference()) {
        Tensor step = network.forward(Tensor.of(x, Shape.of(1, window, 1)));
        all[end] = all[end - 1] + step.item() * unit;
      }
    }
    return Arrays.copyOfRange(all, series.length, all.length);
  }

  /** The number of trained parameters. */
  public long parameterCount() {
    return network.parameterCount();
  }
}
