package dev.harpia.models.transformer;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.Loss;
import dev.harpia.nn.Parameter;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.nn.optim.AdamW;
import dev.harpia.nn.optim.Optimizer;
import dev.harpia.nn.optim.Schedule;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Scope;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The GPT lab: trains a small transformer to write as a text does, character by character, and
 * leaves metrics, weights, a sample and the loss curves in the run's directory.
 */
public final class GptLab {
  private static final int JUDGEMENTS = 10;
  private static final int JUDGED_BATCHES = 8;
  private static final int SAMPLE = 500;

  private final GptSettings settings;
  private final Optional<Path> file;
  private final RunDirectory run;
  private final PrintWriter log;
  private final List<double[]> points = new ArrayList<>(); // step, training loss, validation loss

  /** A lab with its settings, its text, its directory, and where it says what it does. */
  public GptLab(GptSettings settings, Optional<Path> file, RunDirectory run, PrintWriter log) {
    this.settings = settings;
    this.file = file;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, writes a sample, and leaves the results in the run's directory. */
  public GptReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(settings.seed());
    TextData text = TextData.load(file, settings.preset().context(), settings.seed());
    GptConfig config = settings.preset().config(text.tokenizer().size());
    Gpt model = new Gpt(config);
    log.printf(
        Locale.ROOT,
        "%s: %d layers, %d heads, width %d, context %d: %,d parameters%n%s: %,d characters, %d"
            + " different%n",
        settings.name(),
        config.layers(),
        config.heads(),
        config.width(),
        config.context(),
        model.parameterCount(),
        text.name(),
        text.train().length + text.validation().length,
        text.tokenizer().size());
    double learning = train(model, text);
    long before = System.nanoTime();
    String sample = sample(model, text.tokenizer());
    double writing = (System.nanoTime() - before) / 1e9;
    double[] last = points.getLast();
    long read = (long) settings.steps() * settings.batch() * config.context();
    GptReport report =
        new GptReport(
            settings.name(),
            text.name(),
            last[1],
            last[2],
            text.unigramLoss(),
            settings.steps(),
            model.parameterCount(),
            read / learning,
            SAMPLE / writing,
            (System.nanoTime() - start) / 1e9,
            settings.seed(),
            Parallel.threads(),
            Machine.gemm(),
            sample,
            run.path().toString());
    leave(report, model, text);
    return report;
  }

  private Optimizer optimizer(Gpt model) {
    Map<Boolean, List<Parameter>> byRank =
        model.parameters().stream().collect(Collectors.partitioningBy(p -> p.value().rank() >= 2));
    Schedule rate = Schedule.cosine(settings.rate(), settings.warmup(), settings.steps());
    return new AdamW(byRank.getOrDefault(true, List.of()), rate)
        .betas(0.9, 0.99)
        .decay(settings.decay())
        .group(byRank.getOrDefault(false, List.of()), rate, 0)
        .clipNorm(1);
  }

  /** Returns the seconds that the steps took. */
  private double train(Gpt model, TextData text) {
    Optimizer optimizer = optimizer(model);
    Rng windows = new Rng(settings.seed());
    int context = model.config().context();
    double seconds = 0;
    double sum = 0;
    int count = 0;
    for (int step = 1; step <= settings.steps(); step++) {
      long start = System.nanoTime();
      try (var _ = Scope.open("step")) {
        TextData.Windows w = text.draw(windows, settings.batch(), context);
        Tensor loss = Loss.crossEntropy(model.forward(w.x()), w.y());
        optimizer.step(loss);
        sum += loss.item();
        count++;
      }
      seconds += (System.nanoTime() - start) / 1e9;
      boolean due =
          (long) step * JUDGEMENTS / settings.steps()
              > (long) (step - 1) * JUDGEMENTS / settings.steps();
      if (due) {
        double[] point = {step, sum / count, judge(model, text)};
        points.add(point);
        log.printf(
            Locale.ROOT,
            "step %d: training loss %.3f, validation loss %.3f (%.1f s)%n",
            step,
            point[1],
            point[2],
            seconds);
        sum = 0;
        count = 0;
      }
    }
    return seconds;
  }

  private double judge(Gpt model, TextData text) {
    model.eval();
    double sum = 0;
    for (int i = 0; i < JUDGED_BATCHES; i++) {
      try (var _ = Scope.inference()) {
        TextData.Windows w =
            text.held(i, JUDGED_BATCHES, settings.batch(), model.config().context());
        sum += Loss.crossEntropy(model.forward(w.x()), w.y()).item();
      }
    }
    model.train(true);
    return sum / JUDGED_BATCHES;
  }

  private String sample(Gpt model, CharTokenizer tokenizer) {
    String all = tokenizer.characters();
    String prompt = all.indexOf('\n') >= 0 ? "\n" : all.substring(0, all.offsetByCodePoints(0, 1));
    return new Generator(model)
        .complete(
            tokenizer,
            prompt,
            SAMPLE,
            Sampling.at(0.8f),
            new Rng(settings.seed()),
            textSoFar -> true);
  }

  private void leave(GptReport report, Gpt model, TextData text) throws IOException {
    StringBuilder metrics = new StringBuilder();
    for (double[] p : points) {
      metrics
          .append(
              new JsonLine().put("step", p[0]).put("train_loss", p[1]).put("validation_loss", p[2]))
          .append('\n');
    }
    JsonLine details =
        report
            .json()
            .put("batch", settings.batch())
            .put("learning_rate", settings.rate())
            .put("characters", text.tokenizer().characters())
            .put("harpia", Machine.version())
            .put("java", Runtime.version().toString())
            .put("cpu", Cpu.detect().model());
    run.text("metrics.json", metrics.append(details).append('\n').toString());
    run.text("sample.txt", report.sample() + "\n");
    run.save("model.safetensors", path -> SafeTensors.save(model, path));
    Fonts.problem().ifPresent(log::println);
    page(report, model, text);
    run.publish();
  }

  private void page(GptReport report, Gpt model, TextData text) throws IOException {
    GptConfig config = model.config();
    new Report(
            run,
            "A transformer that writes character by character",
            String.format(
                Locale.ROOT,
                "Held-out text costs %.3f nats per character; knowing only how frequent each"
                    + " character is costs %.3f.",
                report.validationLoss(),
                report.unigramLoss()),
            settings.seed())
        .fact(
            "data",
            "%s: %,d characters, %d different"
                .formatted(
                    text.name(),
                    text.train().length + text.validation().length,
                    text.tokenizer().size()))
        .fact(
            "settings",
            "%s: %d steps of %d windows of %d characters, learning rate %s"
                .formatted(
                    settings.name(),
                    settings.steps(),
                    settings.batch(),
                    config.context(),
                    settings.rate()))
        .fact("speed", "%,.0f characters a second".formatted(report.tokensPerSecond()))
        .section("How it learned")
        .chart(
            "curves.png",
            Chart.lines(
                "Loss",
                "step",
                "nats per character",
                List.of(line("training", 1), line("validation", 2))))
        .code("What it writes (temperature 0.8)", report.sample())
        .code("The network", model.summary(Shape.of(1, config.context()), DType.I32))
        .write();
  }

  private Curves.Line line(String name, int column) {
    return new Curves.Line(
        name,
        points.stream().mapToDouble(p -> p[0]).toArray(),
        points.stream().mapToDouble(p -> p[column]).toArray());
  }
}
