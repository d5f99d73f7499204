package dev.harpia.models.diffusion;

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
 * Trains a diffusion model on digits, has its samples judged by a classifier, and leaves metrics,
 * weights, samples, pictures and a report in the run's directory.
 */
public final class DiffusionLab {
  private static final int FILM_STEPS = 12;

  private final DiffusionSettings settings;
  private final LabInput input;
  private final RunDirectory run;
  private final PrintWriter log;

  /** A lab with its settings, its input, its directory, and where it says what it does. */
  public DiffusionLab(
      DiffusionSettings settings, LabInput input, RunDirectory run, PrintWriter log) {
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
    DiffusionTraining training = new DiffusionTraining(settings, digits);
    Diffusion sampler = training.sampler();
    String summary = training.average().summary(Shape.of(1, 1, 28, 28));
    log.println(settings.describe());
    log.print(summary);
    log.flush();
    SampleFilm film = new SampleFilm();
    long noise = settings.seed() + 2; // the same noise in every frame
    int filmSteps = Math.min(FILM_STEPS, settings.samplingSteps());
    List<DiffusionTraining.Epoch> epochs =
        training.run(
            epoch -> {
              film.add(
                  "epoch " + epoch.epoch(),
                  DiffusionPictures.samples(sampler, SampleFilm.SHOWN, filmSteps, new Rng(noise)));
              log.printf(
                  Locale.ROOT,
                  "epoch %d: training %.4f, test %.4f (%.1f s)%n",
                  epoch.epoch(),
                  epoch.train(),
                  epoch.test(),
                  epoch.seconds());
              log.flush();
            });
    SampleJury jury = new SampleJury(input, digits, log);
    long drawing = System.nanoTime();
    Tensor samples =
        DiffusionPictures.samples(
            sampler, SampleJury.SAMPLES, settings.samplingSteps(), new Rng(noise));
    double perSecond = SampleJury.SAMPLES / ((System.nanoTime() - drawing) / 1e9);
    List<SampleScore> scores = jury.scores("diffusion", samples);
    JsonLine json =
        summary(digits, training, epochs.getLast()).put("samples_per_second", perSecond);
    jury.put(json, scores).put("seconds", (System.nanoTime() - start) / 1e9);
    StringBuilder metrics = new StringBuilder();
    epochs.forEach(epoch -> metrics.append(epoch.json()).append('\n'));
    run.text("metrics.json", metrics.append(json).append('\n').toString());
    run.save("model.safetensors", file -> SafeTensors.save(training.average(), file));
    jury.leave(run, samples);
    report(digits, training, summary, epochs, samples, film, jury, scores);
    run.publish();
    return new LabReport(
        json.put("out", run.path().toString()),
        String.format(
            Locale.ROOT,
            "test error of the velocity %.4f after %d epochs%n%s%nresults in %s",
            epochs.getLast().test(),
            settings.epochs(),
            scores.getFirst().text(),
            run.path()));
  }

  private JsonLine summary(
      DigitData digits, DiffusionTraining training, DiffusionTraining.Epoch last) {
    return new JsonLine()
        .put("lab", "diffusion")
        .put("test_loss", last.test())
        .put("steps", settings.steps())
        .put("sampling_steps", settings.samplingSteps())
        .put("width", settings.width())
        .put("epochs", settings.epochs())
        .put("batch", settings.batch())
        .put("learning_rate", settings.learningRate())
        .put("parameters", training.average().parameterCount())
        .put("data", digits.name())
        .put("train_images", digits.train().count())
        .put("test_images", digits.test().count())
        .put("seed", settings.seed())
        .put("threads", Parallel.threads())
        .put("gemm", Machine.gemm());
  }

  private void report(
      DigitData digits,
      DiffusionTraining training,
      String summary,
      List<DiffusionTraining.Epoch> epochs,
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
                + " Fréchet distance from real ones is %.2f.",
            100 * own.confidence(),
            own.classes(),
            own.frechet());
    Report report =
        new Report(run, "Digits out of noise", headline, settings.seed())
            .fact("settings", settings.describe())
            .fact(
                "data",
                String.format(
                    Locale.ROOT,
                    "%s digits: %,d to learn from, %,d to be judged by",
                    digits.name(),
                    digits.train().count(),
                    digits.test().count()))
            .code("Network", summary)
            .section("Learning")
            .chart("curves.png", DiffusionPictures.curves(epochs));
    film.put(report);
    String ddim = "Samples by %d steps (DDIM)".formatted(settings.samplingSteps());
    report
        .picture("samples.png", ddim, () -> DiffusionPictures.samples(ddim, samples))
        .picture(
            "denoising.png",
            "The way of six samples",
            () ->
                DiffusionPictures.denoising(
                    training.sampler(), settings.steps(), new Rng(settings.seed() + 3)));
    jury.put(report, scores);
    report.write();
  }
}
