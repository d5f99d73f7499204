package dev.harpia.models.cnn;

import dev.harpia.nn.AvgPool2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.Linear;
import dev.harpia.tensor.Tensor;

/**
 * LeNet-5 (LeCun et al. 1998) with full connections between the maps: two convolutions with means
 * over 2×2, and three linear layers, with tanh between; 61,706 parameters.
 *
 * <p>Shapes: x [N, 1, 28, 28], logits [N, 10].
 */
public final class LeNet extends FeatureNet {
  private final Conv2d conv1 = layer("conv1", new Conv2d(1, 6, 5, 1, 2));
  private final AvgPool2d pool = layer("pool", new AvgPool2d(2));
  private final Conv2d conv2 = layer("conv2", new Conv2d(6, 16, 5));
  private final Linear fc1 = layer("fc1", new Linear(400, 120));
  private final Linear fc2 = layer("fc2", new Linear(120, 84));
  private final Linear fc3 = layer("fc3", new Linear(84, 10));

  /** A fresh network. */
  public LeNet() {}

  @Override
  public Tensor features(Tensor x) {
    Tensor h = pool.forward(conv1.forward(x).tanh()); // [N, 6, 14, 14]
    return conv2.forward(h).tanh(); // [N, 16, 10, 10]
  }

  @Override
  public Tensor head(Tensor features) {
    Tensor h = pool.forward(features).flatten(1); // [N, 400]
    return fc3.forward(fc2.forward(fc1.forward(h).tanh()).tanh());
  }
}
