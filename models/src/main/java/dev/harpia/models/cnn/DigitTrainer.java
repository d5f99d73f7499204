package dev.harpia.models.cnn;

import dev.harpia.models.run.Machine;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Loss;
import dev.harpia.nn.data.LabelledImages;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.SGD;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.Arrays;

/** Passes over the training pictures, and looks at the test pictures, with their times. */
final class DigitTrainer {
  private static final int CLASSES = 10;
  private static final int TEST_BATCH = 500;

  private final Layer model;
  private final LabelledImages train;
  private final int batch;
  private final Optimizer optimizer;
  private final Rng order;

  private long trainNanos;
  private long trainImages;
  private long inferNanos;
  private long inferImages;
  private long heapBytesPerStep = -1;

  /** The figures of one pass over the training pictures, taken while the weights change. */
  record Pass(double loss, double accuracy, double seconds) {}

  DigitTrainer(Layer model, LabelledImages train, MnistSettings settings) {
    this.model = model;
    this.train = train;
    this.batch = settings.batch();
    this.order = new Rng(settings.seed());
    int steps = settings.epochs() * ((train.count() + batch - 1) / batch);
    this.optimizer = optimizer(model, settings, steps);
  }

  private static Optimizer optimizer(Layer model, MnistSettings settings, int steps) {
    float rate = settings.learningRate();
    Schedule schedule =
        switch (settings.schedule()) {
          case CONSTANT -> Schedule.constant(rate);
          case COSINE -> Schedule.cosine(rate, steps / 20, steps);
        };
    return switch (settings.optimizer()) {
      case SGD -> new SGD(model.parameters(), schedule);
      case MOMENTUM -> new SGD(model.parameters(), schedule, 0.9f, 0, true, 0);
      case ADAM -> new Adam(model.parameters(), schedule);
      case ADAMW -> new AdamW(model.parameters(), schedule);
    };
  }

  /** One pass over the training pictures, in an order of its own. */
  Pass epoch() {
    model.train(true);
    long start = System.nanoTime();
    long heap = Machine.allocatedBytes();
    int[] permutation = order.permutation(train.count());
    float[] x = new float[batch * train.height() * train.width()];
    int[] y = new int[batch];
    double loss = 0;
    int right = 0;
    int steps = 0;
    for (int from = 0; from < train.count(); from += batch, steps++) {
      int n = Math.min(batch, train.count() - from);
      for (int i = 0; i < n; i++) {
        fill(train, permutation[from + i], x, i);
        y[i] = train.label(permutation[from + i]);
      }
      try (var _ = Scope.open("training step")) {
        Tensor logits = model.forward(input(train, x, n));
        Tensor error = Loss.crossEntropy(logits, Tensor.of(Arrays.copyOf(y, n)));
        loss += n * (double) error.item();
        right += right(logits.toArray(), y, n);
        optimizer.step(error);
      }
    }
    long end = System.nanoTime();
    heapBytesPerStep = heap < 0 || steps == 0 ? -1 : (Machine.allocatedBytes() - heap) / steps;
    trainNanos += end - start;
    trainImages += train.count();
    return new Pass(loss / train.count(), (double) right / train.count(), (end - start) / 1e9);
  }

  private static int right(float[] logits, int[] labels, int n) {
    int right = 0;
    for (int i = 0; i < n; i++) {
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = logits[i * CLASSES + c] > logits[i * CLASSES + best] ? c : best;
      }
      right += best == labels[i] ? 1 : 0;
    }
    return right;
  }

  /** What the network says about pictures it has not learned from. */
  Evaluation evaluate(LabelledImages set) {
    model.eval();
    float[] logits = new float[set.count() * CLASSES];
    float[] x = new float[TEST_BATCH * set.height() * set.width()];
    for (int from = 0; from < set.count(); from += TEST_BATCH) {
      int n = Math.min(TEST_BATCH, set.count() - from);
      for (int i = 0; i < n; i++) {
        fill(set, from + i, x, i);
      }
      long start = System.nanoTime();
      try (var _ = Scope.inference()) {
        float[] part = model.forward(input(set, x, n)).toArray();
        System.arraycopy(part, 0, logits, from * CLASSES, part.length);
      }
      inferNanos += System.nanoTime() - start;
      inferImages += n;
    }
    return Evaluation.of(logits, CLASSES, set);
  }

  /** Picture {@code index} as row {@code row} of a batch, 0 … 255 as 0 … 1. */
  private static void fill(LabelledImages set, int index, float[] x, int row) {
    int size = set.height() * set.width();
    byte[] pixels = set.pixels();
    int from = index * size;
    int to = row * size;
    for (int i = 0; i < size; i++) {
      x[to + i] = (pixels[from + i] & 0xFF) / 255f;
    }
  }

  private static Tensor input(LabelledImages set, float[] x, int n) {
    int size = n * set.height() * set.width();
    return Tensor.of(
        x.length == size ? x : Arrays.copyOf(x, size), Shape.of(n, 1, set.height(), set.width()));
  }

  double trainImagesPerSecond() {
    return trainImages / (trainNanos / 1e9);
  }

  double inferImagesPerSecond() {
    return inferImages / (inferNanos / 1e9);
  }

  /**
   * Bytes that the training thread allocated on the Java heap per step of the last pass; −1 if
   * unknown.
   */
  long heapBytesPerStep() {
    return heapBytesPerStep;
  }
}
