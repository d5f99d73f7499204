package dev.harpia.models.vae;

import dev.harpia.models.data.DigitData;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import java.util.function.Consumer;

/** Trains a {@link Vae} on digits and measures it after each epoch. */
final class VaeTraining {
  private static final int TEST_BATCH = 250;

  private final VaeSettings settings;
  private final DigitData digits;
  private final Vae model;

  VaeTraining(VaeSettings settings, DigitData digits, Vae model) {
    this.settings = settings;
    this.digits = digits;
    this.model = model;
  }

  /** Trains; {@code each} is told of every epoch when it is over. */
  void run(Consumer<VaeEpoch> each) {
    DataLoader loader =
        DataLoader.of(digits.train().dataset(), settings.batch()).shuffle(settings.seed());
    int steps = settings.epochs() * loader.batches();
    Adam adam =
        new Adam(model.parameters(), Schedule.cosine(settings.learningRate(), steps / 50, steps));
    Rng noise = new Rng(settings.seed());
    for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
      long start = System.nanoTime();
      double sum = 0;
      for (Batch batch : loader) {
        try (var _ = Scope.open("vae")) {
          Elbo elbo = model.elbo(batch.x(), batch.y(), noise);
          adam.step(elbo.loss(settings.beta()));
          sum += elbo.reconstruction().sum().item() + elbo.kl().sum().item();
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      double[] test = judge();
      VaeEpoch result =
          new VaeEpoch(
              epoch, sum / digits.train().count(), test[0] + test[1], test[0], test[1], seconds);
      each.accept(result);
    }
  }

  /** The mean reconstruction and divergence of the test pictures, by one sample for each. */
  double[] judge() {
    Rng noise = new Rng(settings.seed() + 1); // the same at every epoch
    double[] sums = new double[2];
    for (Batch batch : DataLoader.of(digits.test().dataset(), TEST_BATCH)) {
      try (var _ = Scope.inference()) {
        Elbo elbo = model.elbo(batch.x(), batch.y(), noise);
        sums[0] += elbo.reconstruction().sum().item();
        sums[1] += elbo.kl().sum().item();
      }
    }
    return new double[] {sums[0] / digits.test().count(), sums[1] / digits.test().count()};
  }
}
