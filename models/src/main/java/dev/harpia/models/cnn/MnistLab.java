package dev.harpia.models.cnn;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.report.Learning;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.Layer;
import dev.harpia.nn.Loss;
import dev.harpia.nn.data.Augment;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.Adam;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.SGD;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.History;
import dev.harpia.nn.train.Metric;
import dev.harpia.nn.train.Progress;
import dev.harpia.nn.train.Trainer;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * The digit lab of MIT 6.S191: trains a network on handwritten digits, judges it by others, and
 * leaves metrics, weights and pictures in the run's directory.
 */
public final class MnistLab {
  private static final int TEST_BATCH = 500;
  private static final Shape INPUT = Shape.of(1, 1, 28, 28);

  private final MnistSettings settings;
  private final DigitData digits;
  private final RunDirectory run;
  private final PrintWriter log;

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
    introduce(model);
    DataLoader train = DataLoader.of(examples(), settings.batch()).shuffle(settings.seed());
    DataLoader test = DataLoader.of(digits.test().dataset(), TEST_BATCH);
    HeapMeter heap = new HeapMeter();
    Learning learning = new Learning();
    History history =
        new Trainer(
                model, Loss::crossEntropy, optimizer(model, settings.epochs() * train.batches()))
            .validate(test, Metric.accuracy())
            .callbacks(new Progress(), heap, learning)
            .fit(train, settings.epochs());
    Evaluation verdict = Evaluation.of(model, digits.test());
    MnistReport report = report(history, verdict, (System.nanoTime() - start) / 1e9);
    StringBuilder metrics = new StringBuilder();
    history.epochs().forEach(epoch -> metrics.append(line(epoch)).append('\n'));
    metrics.append(details(report, model, heap)).append('\n');
    run.text("metrics.json", metrics.toString());
    run.save("model.safetensors", file -> SafeTensors.save(model, file));
    if (Fonts.problem().isEmpty()) {
      MnistPictures.draw(run, digits.test(), verdict, history);
    } else {
      log.println(Fonts.problem().get());
    }
    page(report, model, verdict, history, learning);
    run.publish();
    return report;
  }

  /** The training digits, moved about if the settings say so. */
  private Dataset examples() {
    Dataset examples = digits.train().dataset();
    int shift = settings.shift();
    return shift == 0 ? examples : examples.map(Augment.shift(shift, settings.seed()));
  }

  private void page(
      MnistReport report, Layer model, Evaluation verdict, History history, Learning learning)
      throws IOException {
    Report page =
        new Report(
                run,
                "Handwritten digits",
                "%s of %,d test digits are read correctly."
                    .formatted(Learning.percent(verdict.accuracy()), digits.test().count()),
                settings.seed())
            .fact(
                "data",
                "%s: %,d digits to learn from, %,d to be judged by"
                    .formatted(digits.name(), digits.train().count(), digits.test().count()))
            .fact("settings", settings.describe())
            .fact("result", report.text().lines().findFirst().orElse(""))
            .code("The network", model.summary(INPUT));
    MnistPictures.add(page, digits.test(), verdict, history, learning);
    page.write();
  }

  private void introduce(Layer model) {
    log.println(settings.describe());
    log.println(
        String.format(
            Locale.ROOT,
            "%s digits: %,d to learn from, %,d to be judged by",
            digits.name(),
            digits.train().count(),
            digits.test().count()));
    log.print(model.summary(INPUT));
    log.flush();
  }

  private Optimizer optimizer(Layer model, int steps) {
    float rate = settings.learningRate();
    Schedule schedule =
        switch (settings.schedule()) {
          case CONSTANT -> Schedule.constant(rate);
          case COSINE -> Schedule.cosine(rate, steps / 20, steps);
        };
    return switch (settings.optimizer()) {
      case SGD -> new SGD(model.parameters(), schedule);
      case MOMENTUM -> new SGD(model.parameters(), schedule).momentum(0.9).nesterov();
      case ADAM -> new Adam(model.parameters(), schedule);
      case ADAMW -> new AdamW(model.parameters(), schedule);
    };
  }

  private MnistReport report(History history, Evaluation verdict, double seconds) {
    double examples = history.epochs().stream().mapToDouble(EpochResult::examples).sum();
    double learning = history.epochs().stream().mapToDouble(EpochResult::trainSeconds).sum();
    return new MnistReport(
        MnistSettings.lower(settings.model()),
        verdict.accuracy(),
        verdict.loss(),
        examples / learning,
        digits.test().count() / verdict.seconds(),
        seconds,
        history.epochs().size(),
        settings.seed(),
        Parallel.threads(),
        Machine.gemm(),
        run.path().toString());
  }

  private static JsonLine line(EpochResult epoch) {
    return new JsonLine()
        .put("epoch", epoch.epoch())
        .put("train_loss", epoch.trainLoss())
        .put("train_accuracy", epoch.figure("train_accuracy"))
        .put("test_loss", epoch.figure("valid_loss"))
        .put("test_accuracy", epoch.figure("valid_accuracy"))
        .put("seconds", epoch.trainSeconds())
        .put("images_per_second", epoch.examplesPerSecond());
  }

  /** The summary with what a reader needs to repeat the run. */
  private JsonLine details(MnistReport report, Layer model, HeapMeter heap) {
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
        .put("heap_bytes_per_step", heap.bytesPerStep())
        .put("harpia", Machine.version())
        .put("java", Runtime.version().toString())
        .put("cpu", Cpu.detect().model());
  }
}
