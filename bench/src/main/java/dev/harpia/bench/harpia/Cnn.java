package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.optim.SGD;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Workload 2: two convolutions and two affine layers on 28×28 digits. */
final class Cnn {
  private static final int BATCHES = 16;

  private Cnn() {}

  private static Layer model() {
    return new Sequential(
        new Conv2d(1, 24, 3),
        Activation.relu(),
        new MaxPool2d(2),
        new Conv2d(24, 36, 3),
        Activation.relu(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(900, 128),
        Activation.relu(),
        new Linear(128, 10));
  }

  static Call training() {
    Layer model = model();
    SGD sgd = new SGD(model.parameters(), 0.01);
    Tensor[] x = Runs.pool(BATCHES, () -> Runs.normal(1, 64, 1, 28, 28));
    Tensor[] y = Runs.pool(BATCHES, () -> Runs.below(2, 10, 64));
    int[] step = {0};
    float[] last = {0};
    return () -> {
      int b = step[0]++ % BATCHES;
      try (var _ = Scope.open()) {
        Tensor loss = Loss.crossEntropy(model.forward(x[b]), y[b]);
        sgd.step(loss);
        last[0] = loss.item();
      }
    };
  }

  static Call one() {
    return Runs.request(new Sequential(model(), new SoftmaxLayer()), Shape.of(1, 1, 28, 28), 10);
  }
}
