package dev.harpia.models.cnn;

import dev.harpia.models.picture.Fonts;
import dev.harpia.models.report.Learning;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.Loss;
import dev.harpia.nn.data.Augment;
import dev.harpia.nn.data.DataLoader;
import dev.harpia.nn.data.Dataset;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.nn.train.EpochResult;
import dev.harpia.nn.train.History;
import dev.harpia.nn.train.Metric;
import dev.harpia.nn.train.Progress;
import dev.harpia.nn.train.Trainer;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Trains a network to tell pictures apart, judges it by others, and leaves metrics, weights,
 * pictures and a report in the run's directory.
 */
public final class ClassifierLab {
  private static final int TEST_BATCH = 200;

  private final ClassifierSettings settings;
  private final ClassifierTask task;
  private final RunDirectory run;
  private final PrintWriter log;

  /** A lab with its settings, its task, its directory, and where it says what it does. */
  public ClassifierLab(
      ClassifierSettings settings, ClassifierTask task, RunDirectory run, PrintWriter log) {
    this.settings = settings;
    this.task = task;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, and leaves the results in the run's directory. */
  public ClassifierReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(settings.seed());
    int classes = task.train().classes().size();
    FeatureNet net = settings.network().of(task.train().channels(), classes);
    Shape x = task.train().shape();
    Shape input = Shape.of(1, x.dim(0), x.dim(1), x.dim(2));
    log.println(settings.describe());
    log.println(counts());
    log.print(net.summary(input));
    log.flush();
    float[][] statistics = task.train().statistics();
    DataLoader train =
        DataLoader.of(examples(statistics), settings.batch()).shuffle(settings.seed());
    Dataset test = task.test().dataset(statistics);
    Learning learning = new Learning();
    long steps = (long) settings.epochs() * train.batches();
    Schedule rate = Schedule.cosine(settings.rate(), steps / 20, steps);
    History history =
        new Trainer(
                net, Loss::crossEntropy, new AdamW(net.parameters(), rate).decay(settings.decay()))
            .validate(DataLoader.of(test, TEST_BATCH), Metric.accuracy())
            .callbacks(new Progress(), learning)
            .fit(train, settings.epochs());
    Evaluation verdict = Evaluation.of(net, test, task.test().labels());
    var trained = new ClassifierTask.Trained(net, task.test(), verdict, statistics);
    Report page =
        new Report(
                run,
                task.title(),
                "%s of %,d test pictures are put into the right one of %d classes."
                    .formatted(Learning.percent(verdict.accuracy()), task.test().count(), classes),
                settings.seed())
            .fact("data", counts())
            .fact("settings", settings.describe());
    Map<String, Double> figures =
        new ClassifierPages(page, trained).add(history, learning, task.findings());
    ClassifierReport report = report(history, verdict, figures, (System.nanoTime() - start) / 1e9);
    page.fact("result", report.text().lines().findFirst().orElse(""))
        .section("The network")
        .code("", net.summary(input))
        .write();
    Fonts.problem().ifPresent(log::println);
    run.text("metrics.json", metrics(history, report, net));
    run.save("model.safetensors", file -> SafeTensors.save(net, file));
    run.publish();
    return report;
  }

  private Dataset examples(float[][] statistics) {
    Dataset examples = task.train().dataset(statistics);
    if (settings.shift() > 0) {
      examples = examples.map(Augment.shift(settings.shift(), settings.seed()));
    }
    return settings.flip() ? examples.map(Augment.flip(settings.seed())) : examples;
  }

  private String counts() {
    Shape x = task.train().shape();
    return String.format(
        Locale.ROOT,
        "%s: %,d pictures to learn from, %,d to be judged by, %d × %d, %s, %d classes",
        task.data(),
        task.train().count(),
        task.test().count(),
        x.dim(2),
        x.dim(1),
        x.dim(0) == 1 ? "grey" : "colour",
        task.train().classes().size());
  }

  private ClassifierReport report(
      History history, Evaluation verdict, Map<String, Double> figures, double seconds) {
    double examples = history.epochs().stream().mapToDouble(EpochResult::examples).sum();
    double learning = history.epochs().stream().mapToDouble(EpochResult::trainSeconds).sum();
    return new ClassifierReport(
        task.lab(),
        settings.network().toString(),
        task.data(),
        verdict.accuracy(),
        verdict.loss(),
        new LinkedHashMap<>(figures),
        examples / learning,
        seconds,
        history.epochs().size(),
        settings.seed(),
        run.path().toString());
  }

  private String metrics(History history, ClassifierReport report, FeatureNet net) {
    StringBuilder lines = new StringBuilder();
    for (EpochResult epoch : history.epochs()) {
      JsonLine line = new JsonLine().put("epoch", epoch.epoch());
      epoch.figures().forEach(line::put);
      lines.append(line.put("seconds", epoch.trainSeconds())).append('\n');
    }
    JsonLine last =
        report
            .json()
            .put("settings", settings.describe())
            .put("parameters", net.parameterCount())
            .put("harpia", Machine.version())
            .put("java", Runtime.version().toString())
            .put("cpu", Cpu.detect().model());
    return lines.append(last).append('\n').toString();
  }
}
