package dev.harpia.models.transformer;

import dev.harpia.models.picture.Chart;
import dev.harpia.models.picture.Curves;
import dev.harpia.models.picture.Fonts;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.Cpu;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.DType;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The GPT lab: trains a small transformer to write as a text does, character by character, and
 * leaves metrics, weights, a checkpoint, a sample and the loss curves in the run's directory.
 */
public final class GptLab {
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final int SAMPLE = 500;

  private final GptSettings settings;
  private final Optional<Path> file;
  private final Optional<Path> resume;
  private final RunDirectory run;
  private final PrintWriter log;

  /**
   * A lab with its settings, its text, the checkpoint from which it goes on, its directory, and
   * where it says what it does.
   */
  public GptLab(
      GptSettings settings,
      Optional<Path> file,
      Optional<Path> resume,
      RunDirectory run,
      PrintWriter log) {
    this.settings = settings;
    this.file = file;
    this.resume = resume;
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
    GptTraining training = train(model, text);
    long before = System.nanoTime();
    String sample = sample(model, text.tokenizer());
    double writing = (System.nanoTime() - before) / 1e9;
    GptTraining.Point last = training.points().getLast();
    long read = (long) settings.steps() * settings.batch() * config.context();
    GptReport report =
        new GptReport(
            settings.name(),
            text.name(),
            last.train(),
            last.validation(),
            text.unigramLoss(),
            settings.steps(),
            model.parameterCount(),
            read / last.seconds(),
            SAMPLE / writing,
            (System.nanoTime() - start) / 1e9,
            settings.seed(),
            Parallel.threads(),
            Machine.gemm(),
            sample,
            run.path().toString());
    leave(report, training.points(), model, text);
    return report;
  }

  /** Trains to the end, from the start or from a checkpoint, and leaves checkpoints on the way. */
  private GptTraining train(Gpt model, TextData text) throws IOException {
    GptTraining training = new GptTraining(settings, text, model);
    if (resume.isPresent()) {
      training.restore(resume.get());
      log.printf(Locale.ROOT, "going on after step %d%n", training.step());
    }
    while (training.step() < settings.steps()) {
      if (training.advance()) {
        GptTraining.Point p = training.points().getLast();
        double left = p.seconds() / p.step() * (settings.steps() - p.step());
        log.printf(
            Locale.ROOT,
            "step %d of %d: training loss %.3f, validation loss %.3f (%.0f s, about %.0f s left)%n",
            p.step(),
            settings.steps(),
            p.train(),
            p.validation(),
            p.seconds(),
            left);
        log.flush();
        training.save(run.path().resolve(CHECKPOINT));
      }
    }
    return training;
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

  private void leave(GptReport report, List<GptTraining.Point> points, Gpt model, TextData text)
      throws IOException {
    StringBuilder metrics = new StringBuilder();
    for (GptTraining.Point p : points) {
      metrics
          .append(
              new JsonLine()
                  .put("step", p.step())
                  .put("train_loss", p.train())
                  .put("validation_loss", p.validation())
                  .put("seconds", p.seconds()))
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
    run.save("model.safetensors", path -> GptFile.save(model, text.tokenizer(), path));
    Fonts.problem().ifPresent(log::println);
    page(report, points, model, text);
    run.publish();
  }

  private void page(GptReport report, List<GptTraining.Point> points, Gpt model, TextData text)
      throws IOException {
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
                List.of(
                    line("training", points, GptTraining.Point::train),
                    line("validation", points, GptTraining.Point::validation))))
        .code("What it writes (temperature 0.8)", report.sample())
        .code("The network", model.summary(Shape.of(1, config.context()), DType.I32))
        .write();
  }

  private static Curves.Line line(
      String name, List<GptTraining.Point> points, ToDoubleFunction<GptTraining.Point> value) {
    return new Curves.Line(
        name,
        points.stream().mapToDouble(GptTraining.Point::step).toArray(),
        points.stream().mapToDouble(value).toArray());
  }
}
