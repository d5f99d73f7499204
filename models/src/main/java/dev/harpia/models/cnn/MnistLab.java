package dev.harpia.models.cnn;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.Layer;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The digit lab of MIT 6.S191: trains a network on handwritten digits, judges it by others, and
 * leaves metrics, weights and pictures in the run's directory.
 */
public final class MnistLab {
  private final MnistSettings settings;
  private final DigitData digits;
  private final RunDirectory run;
  private final PrintWriter log;
  private final StringBuilder metrics = new StringBuilder();
  private final List<Epoch> history = new ArrayList<>();

  /** One epoch's figures. */
  record Epoch(double trainLoss, double trainAccuracy, double testLoss, double testAccuracy) {}

  /** A lab with its settings, its data, its directory, and where it says what it does. */
  public MnistLab(MnistSettings settings, DigitData digits, RunDirectory run, PrintWriter log) {
    this.settings = settings;
    this.digits = digits;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, and leaves the results in the run's directory. */
  public MnistReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(settings.seed());
    Layer model = MnistNetworks.of(settings.model());
    log.println(settings.describe());
    log.println(
        String.format(
            Locale.ROOT,
            "%s digits: %,d to learn from, %,d to be judged by",
            digits.name(),
            digits.train().count(),
            digits.test().count()));
    log.print(model.summary(Shape.of(1, 1, 28, 28)));
    DigitTrainer trainer = new DigitTrainer(model, digits.train(), settings);
    for (int epoch = 1; epoch < settings.epochs(); epoch++) {
      note(epoch, trainer.epoch(), trainer.evaluate(digits.test()));
    }
    DigitTrainer.Pass last = trainer.epoch();
    Evaluation test = trainer.evaluate(digits.test());
    note(settings.epochs(), last, test);
    MnistReport report =
        new MnistReport(
            MnistSettings.lower(settings.model()),
            test.accuracy(),
            test.loss(),
            trainer.trainImagesPerSecond(),
            trainer.inferImagesPerSecond(),
            (System.nanoTime() - start) / 1e9,
            settings.epochs(),
            settings.seed(),
            Parallel.threads(),
            Machine.gemm(),
            run.path().toString());
    metrics.append(details(report, model, trainer)).append('\n');
    run.text("metrics.json", metrics.toString());
    run.save("model.safetensors", file -> SafeTensors.save(model, file));
    MnistPictures.draw(run, digits.test(), test, history);
    run.publish();
    return report;
  }

  private void note(int number, DigitTrainer.Pass pass, Evaluation test) {
    history.add(new Epoch(pass.loss(), pass.accuracy(), test.loss(), test.accuracy()));
    log.println(
        String.format(
            Locale.ROOT,
            "epoch %d/%d: training loss %.4f, accuracy %.4f; test loss %.4f, accuracy %.4f; %.1f s,"
                + " %,.0f images/s",
            number,
            settings.epochs(),
            pass.loss(),
            pass.accuracy(),
            test.loss(),
            test.accuracy(),
            pass.seconds(),
            digits.train().count() / pass.seconds()));
    metrics
        .append(
            new JsonLine()
                .put("epoch", number)
                .put("train_loss", pass.loss())
                .put("train_accuracy", pass.accuracy())
                .put("test_loss", test.loss())
                .put("test_accuracy", test.accuracy())
                .put("seconds", pass.seconds())
                .put("images_per_second", digits.train().count() / pass.seconds()))
        .append('\n');
  }

  /** The summary with what a reader needs to repeat the run. */
  private JsonLine details(MnistReport report, Layer model, DigitTrainer trainer) {
    return report
        .json()
        .put("data", digits.name())
        .put("train_images", digits.train().count())
        .put("test_images", digits.test().count())
        .put("optimizer", MnistSettings.lower(settings.optimizer()))
        .put("learning_rate", settings.learningRate())
        .put("schedule", MnistSettings.lower(settings.schedule()))
        .put("batch", settings.batch())
        .put("parameters", model.parameterCount())
        .put("heap_bytes_per_step", trainer.heapBytesPerStep())
        .put("harpia", Machine.version())
        .put("java", Runtime.version().toString())
        .put("cpu", Cpu.detect().model());
  }
}
