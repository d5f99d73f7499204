package dev.harpia.models.gan;

import dev.harpia.models.data.DigitData;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.optim.Adam;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Trains the two networks of a GAN in turn. */
final class GanTraining {
  private static final int CURVE = 200; // points of a curve over the whole run

  private final GanSettings settings;
  private final DigitData digits;
  private final Generator generator;
  private final Discriminator discriminator;
  private final Adam improveG;
  private final Adam improveD;
  private final Rng noise;
  private final List<Loss> losses = new ArrayList<>();

  /** The losses of both networks, means over the steps since the point before. */
  record Loss(long step, double discriminator, double generator) {}

  /** What an epoch was. */
  record Epoch(int epoch, double discriminator, double generator, double seconds) {}

  GanTraining(GanSettings settings, DigitData digits) {
    this.settings = settings;
    this.digits = digits;
    generator = settings.model().generator(settings.noise());
    discriminator = settings.model().discriminator();
    double beta1 = settings.model().beta1();
    improveG = new Adam(generator.parameters(), settings.learningRate()).betas(beta1, 0.999);
    improveD = new Adam(discriminator.parameters(), settings.learningRate()).betas(beta1, 0.999);
    noise = new Rng(settings.seed());
  }

  Generator generator() {
    return generator;
  }

  Discriminator discriminator() {
    return discriminator;
  }

  List<Loss> losses() {
    return losses;
  }

  /** Trains; {@code each} is told of every epoch when it is over. */
  void run(Consumer<Epoch> each) {
    DataLoader loader =
        DataLoader.of(digits.train().dataset(), settings.batch())
            .shuffle(settings.seed())
            .dropLast();
    long total = (long) settings.epochs() * loader.batches();
    long every = Math.max(1, total / CURVE);
    long step = 0;
    double[] point = new double[4]; // sums and counts of both losses
    for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
      long start = System.nanoTime();
      double[] all = new double[4];
      for (Batch batch : loader) {
        double d = discriminate(batch);
        add(point, 0, d);
        add(all, 0, d);
        step++;
        if (step % settings.model().critic() == 0) {
          double g = generate(batch.y());
          add(point, 2, g);
          add(all, 2, g);
        }
        if (step % every == 0 && point[3] > 0) {
          losses.add(new Loss(step, point[0] / point[1], point[2] / point[3]));
          Arrays.fill(point, 0);
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      each.accept(new Epoch(epoch, all[0] / all[1], all[2] / Math.max(1, all[3]), seconds));
    }
  }

  private static void add(double[] sums, int at, double value) {
    sums[at] += value;
    sums[at + 1]++;
  }

  /** One step of the discriminator; the generator is left alone. */
  double discriminate(Batch batch) {
    try (var _ = Scope.open("discriminator")) {
      Tensor fake = generator.draw(noise(batch.size()), batch.y()).detach();
      Tensor loss =
          settings
              .model()
              .loss()
              .discriminator(
                  discriminator.score(batch.x(), batch.y()), discriminator.score(fake, batch.y()));
      improveD.step(loss);
      return loss.item();
    }
  }

  /** One step of the generator; the discriminator is left alone. */
  double generate(Tensor y) {
    try (var _ = Scope.open("generator")) {
      Tensor fake = generator.draw(noise(y.dim(0)), y);
      Tensor loss = settings.model().loss().generator(discriminator.score(fake, y));
      improveG.step(loss);
      return loss.item();
    }
  }

  private Tensor noise(int count) {
    return Tensor.normal(noise, 0, 1, Shape.of(count, settings.noise()));
  }
}
