package dev.harpia.models.generative;

import dev.harpia.models.cnn.MnistNetworks;
import dev.harpia.models.data.DigitData;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The digit lab's convolutional classifier as a judge of generated digits: how sure it is of them,
 * for which digits it takes them, and how far their features are from those of real ones. It does
 * not depend on a run's seed: what it says of two runs on the same data can be compared.
 */
public final class DigitJudge {
  private static final int SEED = 4;
  private static final int EPOCHS = 2;
  private static final int BATCH = 64;
  private static final int JUDGED = 250;

  /** The last layer of {@link MnistNetworks#cnn}; what goes into it are the features. */
  private static final int LAST = 9;

  private final Sequential network;
  private final double accuracy;
  private final Gaussian real;

  private DigitJudge(Sequential network, LabelledImages test) {
    this.network = network;
    network.eval();
    Verdict verdict = judge(pictures(test));
    int[] classes = verdict.classes();
    int right = 0;
    for (int i = 0; i < classes.length; i++) {
      right += classes[i] == test.label(i) ? 1 : 0;
    }
    accuracy = (double) right / classes.length;
    real = Gaussian.of(verdict.features());
  }

  /** Trains a judge on the training digits, for two epochs. */
  public static DigitJudge train(DigitData digits) {
    Sequential network = untrained();
    DataLoader loader = DataLoader.of(digits.train().dataset(), BATCH).shuffle(SEED);
    int steps = EPOCHS * loader.batches();
    Adam adam = new Adam(network.parameters(), Schedule.cosine(2e-3, steps / 20, steps));
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (Batch batch : loader) {
        try (var _ = Scope.open("judge")) {
          adam.step(Loss.crossEntropy(network.forward(batch.x()), batch.y()));
        }
      }
    }
    return new DigitJudge(network, digits.test());
  }

  /** A run draws the same numbers with every judge: this one takes none of them. */
  private static Sequential untrained() {
    long[] state = Rng.current().state();
    Rng.current().restore(new Rng(SEED).state());
    Sequential network = MnistNetworks.cnn();
    Rng.current().restore(state);
    return network;
  }

  /** A judge that an earlier run has trained. */
  public static DigitJudge load(Path file, DigitData digits) throws IOException {
    Sequential network = untrained();
    SafeTensors.load(file, network);
    return new DigitJudge(network, digits.test());
  }

  /** Writes the weights, for {@link #load}. */
  public void save(Path file) throws IOException {
    SafeTensors.save(network, file);
  }

  /** The share of test digits that it gets right. */
  public double accuracy() {
    return accuracy;
  }

  /** Looks at pictures [N, 1, 28, 28] from 0 to 1. */
  public Verdict judge(Tensor pictures) {
    int n = pictures.dim(0);
    float[][] probabilities = new float[n][];
    float[][] features = new float[n][];
    for (int from = 0; from < n; from += JUDGED) {
      try (var _ = Scope.inference()) {
        Tensor h = pictures.slice(0, from, Math.min(n, from + JUDGED));
        for (int i = 0; i < LAST; i++) {
          h = network.get(i).forward(h);
        }
        rows(h, features, from);
        rows(network.get(LAST).forward(h).softmax(1), probabilities, from);
      }
    }
    return new Verdict(probabilities, features);
  }

  private static void rows(Tensor part, float[][] into, int from) {
    float[] values = part.toArray();
    int width = part.dim(1);
    for (int i = 0; i < part.dim(0); i++) {
      into[from + i] = java.util.Arrays.copyOfRange(values, i * width, (i + 1) * width);
    }
  }

  /**
   * Scores samples [N, 1, 28, 28] against the test digits.
   *
   * @param told how many classes a conditional model was told in turn, else 0
   */
  public SampleScore score(String name, Tensor samples, int told) {
    Verdict verdict = judge(samples);
    int[] seen = verdict.classes();
    long right =
        IntStream.range(0, seen.length).filter(i -> told > 0 && seen[i] == i % told).count();
    return new SampleScore(
        name,
        samples.dim(0),
        verdict.confidence(),
        verdict.shares(),
        Gaussian.of(verdict.features()).frechet(real),
        told > 0 ? OptionalDouble.of((double) right / seen.length) : OptionalDouble.empty());
  }

  /** Pictures of bytes as [N, 1, H, W] from 0 to 1. */
  static Tensor pictures(LabelledImages set) {
    float[] x = new float[set.pixels().length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (set.pixels()[i] & 0xFF) / 255f;
    }
    return Tensor.of(x, dev.harpia.tensor.Shape.of(set.count(), 1, set.height(), set.width()));
  }
}
