package dev.harpia.nn.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.data.Csv;
import dev.harpia.nn.data.CsvTable;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.TensorDataset;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.nn.train.Trainer;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An LSTM foretells next month's airline passengers better than "as many as this month". */
@Tag("full")
class AirlineTest {
  private static final int WINDOW = 13; // a year ago is in it, and the month after that
  private static final int TRAIN = 96; // eight of the twelve years
  private static final int SEEDS = 3;
  private static final float SCALE = 10; // monthly changes of the logarithm are about 0.1

  private static final class Forecaster extends Layer {
    private final LSTM lstm = layer("lstm", new LSTM(1, 24));
    private final Linear out = layer("out", new Linear(24, 1));

    @Override
    public Tensor forward(Tensor x) {
      Tensor last = lstm.forward(x, null).state().h(); // [1, N, 24]
      return out.forward(last.reshape(x.dim(0), 24));
    }
  }

  /** The months before each month of [from, to), as logarithms relative to the last of them. */
  private static TensorDataset windows(double[] passengers, int from, int to) {
    int n = to - from;
    float[] x = new float[n * WINDOW];
    float[] y = new float[n];
    for (int i = 0; i < n; i++) {
      double last = Math.log(passengers[from + i - 1]);
      for (int t = 0; t < WINDOW; t++) {
        x[i * WINDOW + t] = SCALE * (float) (Math.log(passengers[from + i - WINDOW + t]) - last);
      }
      y[i] = SCALE * (float) (Math.log(passengers[from + i]) - last);
    }
    return new TensorDataset(Tensor.of(x, Shape.of(n, WINDOW, 1)), Tensor.of(y, Shape.of(n, 1)));
  }

  @Test
  void betterThanTheNaiveForecast() throws IOException {
    CsvTable table = new Csv().read(Tables.find("monthly-airline-passengers.csv"));
    double[] passengers = new double[table.size()];
    for (int i = 0; i < passengers.length; i++) {
      passengers[i] = Double.parseDouble(table.get(i, "Passengers"));
    }
    assertThat(passengers).hasSize(144);
    double naive = 0;
    for (int i = TRAIN; i < 144; i++) {
      naive += Math.pow(passengers[i] - passengers[i - 1], 2);
    }
    double ratio = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Rng.seed(seed);
      Forecaster model = new Forecaster();
      DataLoader loader = DataLoader.of(windows(passengers, WINDOW, TRAIN), 16).shuffle(seed);
      int epochs = 150;
      var rate = Schedule.cosine(0.01, 20, (long) epochs * loader.batches());
      new Trainer(model, Loss::mse, new Adam(model.parameters(), rate).clipNorm(1))
          .fit(loader, epochs);
      double error = 0;
      try (var _ = Scope.inference()) {
        Tensor y = model.forward(windows(passengers, TRAIN, 144).inputs());
        for (int i = 0; i < 144 - TRAIN; i++) {
          double said = passengers[TRAIN + i - 1] * Math.exp(y.get(i, 0) / SCALE);
          error += Math.pow(said - passengers[TRAIN + i], 2);
        }
      }
      ratio += Math.sqrt(error / naive) / SEEDS;
    }
    // 0.53 to 0.65, by the seed
    assertThat(ratio).as("root mean squared error against the naive forecast's").isLessThan(0.75);
  }
}
