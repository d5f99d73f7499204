package dev.harpia.models.gan;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.generative.LabInput;
import dev.harpia.models.generative.LabReport;
import dev.harpia.models.generative.SampleFilm;
import dev.harpia.models.generative.SampleJury;
import dev.harpia.models.generative.SampleScore;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * Trains a generative adversarial network on digits, has its samples judged by a classifier, and
 * leaves metrics, weights, samples, pictures and a report in the run's directory.
 */
public final class GanLab {
  private final GanSettings settings;
  private final LabInput input;
  private final RunDirectory run;
  private final PrintWriter log;
  private final StringBuilder metrics = new StringBuilder();

  /** A lab with its settings, its input, its directory, and where it says what it does. */
  public GanLab(GanSettings settings, LabInput input, RunDirectory run, PrintWriter log) {
    this.settings = settings;
    this.input = input;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, and leaves the results in the run's directory. */
  public LabReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(settings.seed());
    DigitData digits = input.digits(settings.seed(), log);
    GanTraining training = new GanTraining(settings, digits);
    Generator generator = training.generator();
    String summary =
        generator.network().summary(Shape.of(2, settings.noise() + generator.classes()))
            + training.discriminator().network().summary(Shape.of(2, 1, 28, 28));
    log.println(settings.describe());
    log.print(summary);
    log.flush();
    SampleFilm film = new SampleFilm();
    long noise = settings.seed() + 2; // the same noise in every frame
    film.add("before", GanPictures.samples(generator, SampleFilm.SHOWN, new Rng(noise)));
    training.run(epoch -> tell(epoch, generator, film, noise));
    SampleJury jury = new SampleJury(input, digits, log);
    Tensor samples = GanPictures.samples(generator, SampleJury.SAMPLES, new Rng(noise));
    List<SampleScore> scores = jury.scores(settings.name(), samples);
    JsonLine json = summary(digits, training);
    double asked = GanPictures.asked(generator, jury.judge(), samples);
    if (settings.model().conditional()) {
      json.put("drawn_as_asked", asked);
    }
    jury.put(json, scores).put("seconds", (System.nanoTime() - start) / 1e9);
    run.text("metrics.json", metrics + json.toString() + "\n");
    run.save("model.safetensors", file -> SafeTensors.save(generator, file));
    jury.leave(run, samples);
    report(digits, training, summary, samples, film, jury, scores);
    run.publish();
    return new LabReport(
        json.put("out", run.path().toString()),
        scores.getFirst().text()
            + (settings.model().conditional()
                ? String.format(
                    Locale.ROOT, "%n%.1f %% of the samples show the digit asked for", 100 * asked)
                : "")
            + String.format("%nresults in %s", run.path()));
  }

  private void tell(GanTraining.Epoch epoch, Generator generator, SampleFilm film, long noise) {
    film.add(
        "epoch " + epoch.epoch(), GanPictures.samples(generator, SampleFilm.SHOWN, new Rng(noise)));
    metrics
        .append(
            new JsonLine()
                .put("epoch", epoch.epoch())
                .put("discriminator_loss", epoch.discriminator())
                .put("generator_loss", epoch.generator())
                .put("seconds", epoch.seconds()))
        .append('\n');
    log.printf(
        Locale.ROOT,
        "epoch %d: discriminator %.3f, generator %.3f (%.1f s)%n",
        epoch.epoch(),
        epoch.discriminator(),
        epoch.generator(),
        epoch.seconds());
    log.flush();
  }

  private JsonLine summary(DigitData digits, GanTraining training) {
    return new JsonLine()
        .put("lab", "gan")
        .put("model", settings.name())
        .put("noise", settings.noise())
        .put("epochs", settings.epochs())
        .put("batch", settings.batch())
        .put("learning_rate", settings.learningRate())
        .put("generator_parameters", training.generator().parameterCount())
        .put("discriminator_parameters", training.discriminator().parameterCount())
        .put("data", digits.name())
        .put("train_images", digits.train().count())
        .put("test_images", digits.test().count())
        .put("seed", settings.seed())
        .put("threads", Parallel.threads())
        .put("gemm", Machine.gemm());
  }

  private void report(
      DigitData digits,
      GanTraining training,
      String summary,
      Tensor samples,
      SampleFilm film,
      SampleJury jury,
      List<SampleScore> scores)
      throws IOException {
    SampleScore own = scores.getFirst();
    String headline =
        String.format(
            Locale.ROOT,
            "A classifier is %.1f %% sure of the digits that it draws; %d of 10 classes occur, the"
                + " commonest in %.1f %% of the samples.",
            100 * own.confidence(),
            own.classes(),
            100 * own.largest());
    Report report =
        new Report(run, "Two networks against each other", headline, settings.seed())
            .fact("settings", settings.describe())
            .fact(
                "data",
                String.format(
                    Locale.ROOT,
                    "%s digits: %,d to learn from, %,d to be judged by",
                    digits.name(),
                    digits.train().count(),
                    digits.test().count()))
            .code("Generator and discriminator", summary)
            .section("Learning")
            .chart("curves.png", GanPictures.curves(training.losses()));
    film.put(report);
    report.picture(
        "samples.png", "Samples", () -> GanPictures.samples(training.generator(), samples));
    jury.put(report, scores);
    report
        .picture(
            "interpolation.png",
            "Between two random points",
            () -> GanPictures.interpolation(training.generator(), new Rng(settings.seed() + 3)))
        .write();
  }
}
