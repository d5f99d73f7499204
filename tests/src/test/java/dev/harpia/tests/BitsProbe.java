package dev.harpia.tests;

import dev.harpia.nn.Activation;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Dropout;
import dev.harpia.nn.Flatten;
import dev.harpia.nn.LSTM;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.MaxPool2d;
import dev.harpia.nn.Sequential;
import dev.harpia.nn.TransformerConfig;
import dev.harpia.nn.TransformerEncoderLayer;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;

/** Trains small models for a few steps from one seed and prints a hash of all their bits. */
final class BitsProbe {
  private BitsProbe() {}

  /** Arguments: steps, and how often to do it all over again. */
  public static void main(String[] args) {
    int steps = Integer.parseInt(args[0]);
    int times = args.length > 1 ? Integer.parseInt(args[1]) : 1;
    long hash = 0;
    for (int i = 0; i < times; i++) {
      hash = 1;
      hash = 31 * hash + train(steps, cnn(), Shape.of(8, 1, 12, 12));
      hash = 31 * hash + train(steps, new Recurrent(), Shape.of(3, 7, 5));
      hash = 31 * hash + train(steps, encoder(), Shape.of(2, 9, 24));
    }
    System.out.println(Long.toHexString(hash));
  }

  private static Layer cnn() {
    Rng.seed(1);
    return new Sequential(
        new Conv2d(1, 5, 3),
        Activation.relu(),
        new MaxPool2d(2),
        new Flatten(),
        new Linear(125, 37),
        Activation.gelu(),
        new Dropout(0.3f),
        new Linear(37, 10));
  }

  private static Layer encoder() {
    Rng.seed(2);
    return new Sequential(
        new TransformerEncoderLayer(TransformerConfig.of(24, 3, 50).withDropout(0.1f)),
        new Flatten(),
        new Linear(9 * 24, 10));
  }

  private static final class Recurrent extends Layer {
    private final LSTM lstm;
    private final Linear head;

    Recurrent() {
      Rng.seed(3);
      lstm = layer("lstm", new LSTM(5, 19));
      head = layer("head", new Linear(19 * 7, 10));
    }

    @Override
    public Tensor forward(Tensor x) {
      return head.forward(lstm.forward(x).flatten(1));
    }
  }

  private static long train(int steps, Layer model, Shape input) {
    AdamW optimizer = new AdamW(model.parameters(), 1e-2);
    Rng data = new Rng(4);
    for (int s = 0; s < steps; s++) {
      try (var _ = Scope.open()) {
        Tensor x = Tensor.normal(data, 0, 1, input);
        int[] y = new int[input.dim(0)];
        for (int i = 0; i < y.length; i++) {
          y[i] = data.below(10);
        }
        optimizer.step(Loss.crossEntropy(model.forward(x), Tensor.of(y)));
      }
    }
    long hash = 7;
    for (Tensor t : model.state().values()) {
      for (float v : t.toArray()) {
        hash = 31 * hash + Float.floatToRawIntBits(v);
      }
    }
    return hash;
  }
}
