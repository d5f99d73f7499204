package dev.harpia.bench.harpia;

import dev.harpia.bench.suite.Call;
import dev.harpia.nn.BatchNorm2d;
import dev.harpia.nn.Conv2d;
import dev.harpia.nn.ConvTranspose2d;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Linear;
import dev.harpia.nn.Loss;
import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import dev.harpia.tensor.op.Reduction;
import java.util.List;

/** Workload 5: a convolutional variational autoencoder of 64×64 pictures, 100 latent variables. */
final class ConvVae extends Layer {
  private static final int N = 32;
  private static final int LATENT = 100;
  private static final int BATCHES = 4;

  private final Conv2d conv1 = layer("conv1", new Conv2d(3, 12, 5, 2, 2));
  private final BatchNorm2d norm1 = layer("norm1", new BatchNorm2d(12));
  private final Conv2d conv2 = layer("conv2", new Conv2d(12, 24, 5, 2, 2));
  private final BatchNorm2d norm2 = layer("norm2", new BatchNorm2d(24));
  private final Conv2d conv3 = layer("conv3", new Conv2d(24, 36, 3, 2, 1));
  private final BatchNorm2d norm3 = layer("norm3", new BatchNorm2d(36));
  private final Conv2d conv4 = layer("conv4", new Conv2d(36, 72, 3, 2, 1));
  private final BatchNorm2d norm4 = layer("norm4", new BatchNorm2d(72));
  private final Linear hidden = layer("hidden", new Linear(1152, 512));
  private final Linear latent = layer("latent", new Linear(512, 2 * LATENT));
  private final Linear open = layer("open", new Linear(LATENT, 1152));
  private final ConvTranspose2d up1 = layer("up1", new ConvTranspose2d(72, 48, 3, 2, 1, 1));
  private final ConvTranspose2d up2 = layer("up2", new ConvTranspose2d(48, 24, 3, 2, 1, 1));
  private final ConvTranspose2d up3 = layer("up3", new ConvTranspose2d(24, 12, 5, 2, 2, 1));
  private final ConvTranspose2d up4 = layer("up4", new ConvTranspose2d(12, 3, 5, 2, 2, 1));

  private ConvVae() {}

  /** Shapes: x [N, 3, 64, 64] to means and logarithms of variances, [N, 200]. */
  @Override
  public Tensor forward(Tensor x) {
    Tensor y = norm1.forward(conv1.forward(x).relu()); // [N, 12, 32, 32]
    y = norm2.forward(conv2.forward(y).relu()); // [N, 24, 16, 16]
    y = norm3.forward(conv3.forward(y).relu()); // [N, 36, 8, 8]
    y = norm4.forward(conv4.forward(y).relu()); // [N, 72, 4, 4]
    return latent.forward(hidden.forward(y.flatten(1)).relu());
  }

  /** Shapes: z [N, 100] to [N, 3, 64, 64]. */
  private Tensor decode(Tensor z) {
    Tensor y = open.forward(z).relu().reshape(N, 72, 4, 4);
    y = up1.forward(y).relu(); // [N, 48, 8, 8]
    y = up2.forward(y).relu(); // [N, 24, 16, 16]
    y = up3.forward(y).relu(); // [N, 12, 32, 32]
    return up4.forward(y);
  }

  private Tensor loss(Tensor x) {
    List<Tensor> parts = forward(x).split(2, 1);
    Tensor mu = parts.get(0);
    Tensor logVar = parts.get(1);
    Tensor z = mu.add(logVar.mul(0.5f).exp().mul(Tensor.normal(N, LATENT)));
    Tensor distance = Loss.l1(decode(z), x, Reduction.MEAN);
    Tensor kl = logVar.add(1).sub(mu.square()).sub(logVar.exp()).sum().mul(-0.5f / N);
    return distance.add(kl.mul(0.0005f));
  }

  static Call steps() {
    ConvVae model = new ConvVae();
    Adam adam = new Adam(model.parameters(), 5e-4);
    Tensor[] x = Runs.pool(BATCHES, () -> Runs.normal(1, N, 3, 64, 64).sigmoid());
    int[] step = {0};
    float[] last = {0};
    return () -> {
      try (var _ = Scope.open()) {
        Tensor loss = model.loss(x[step[0]++ % BATCHES]);
        adam.step(loss);
        last[0] = loss.item();
      }
    };
  }
}
