package dev.harpia.models.diffusion;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.run.JsonLine;
import dev.harpia.nn.data.Batch;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Tensor;
import java.util.Locale;
import java.util.function.Consumer;

/** Trains a diffusion model on digits, and keeps a running average of its weights. */
final class DiffusionTraining {
  private static final double AVERAGE = 0.995;
  private static final int TEST_BATCH = 250;

  private final DiffusionSettings settings;
  private final DigitData digits;
  private final Denoiser denoiser;
  private final Denoiser average;
  private final Diffusion learner;
  private final Diffusion sampler;

  /** The squared error of the velocity after an epoch, for training the mean over the epoch. */
  record Epoch(int epoch, double train, double test, double seconds) {
    JsonLine json() {
      return new JsonLine().put("epoch", epoch).put("train_loss", train).put("test_loss", test);
    }

    String text() {
      return String.format(Locale.ROOT, "training %.4f, test %.4f", train, test);
    }
  }

  DiffusionTraining(DiffusionSettings settings, DigitData digits) {
    this.settings = settings;
    this.digits = digits;
    denoiser = new Denoiser(settings.width());
    average = new Denoiser(settings.width());
    NoiseSchedule schedule = NoiseSchedule.cosine(settings.steps());
    learner = new Diffusion(schedule, denoiser);
    sampler = new Diffusion(schedule, average);
  }

  /** The network with averaged weights, which draws the samples. */
  Denoiser average() {
    return average;
  }

  /** The diffusion by averaged weights. */
  Diffusion sampler() {
    return sampler;
  }

  /** Trains; {@code each} is told of every epoch when it is over. */
  void run(Consumer<Epoch> each) {
    DataLoader loader =
        DataLoader.of(digits.train().dataset(0.5f, 0.5f), settings.batch())
            .shuffle(settings.seed());
    long steps = (long) settings.epochs() * loader.batches();
    Adam adam =
        new Adam(
            denoiser.parameters(), Schedule.cosine(settings.learningRate(), steps / 50, steps));
    adam.clipNorm(1);
    AverageWeights weights = new AverageWeights(denoiser, average, AVERAGE);
    Rng noise = new Rng(settings.seed());
    for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
      long start = System.nanoTime();
      double sum = 0;
      for (Batch batch : loader) {
        try (var _ = Scope.open("diffusion")) {
          Tensor loss = learner.loss(batch.x(), noise);
          adam.step(loss);
          sum += loss.item() * batch.size();
        }
        weights.update();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      each.accept(new Epoch(epoch, sum / digits.train().count(), judge(), seconds));
    }
  }

  private double judge() {
    Rng noise = new Rng(settings.seed() + 1); // the same at every epoch
    double sum = 0;
    for (Batch batch : DataLoader.of(digits.test().dataset(0.5f, 0.5f), TEST_BATCH)) {
      try (var _ = Scope.inference()) {
        sum += sampler.loss(batch.x(), noise).item() * batch.size();
      }
    }
    return sum / digits.test().count();
  }
}
