package dev.harpia.models.generative;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.models.run.Machine;
import dev.harpia.models.run.RunDirectory;
import dev.harpia.nn.io.SafeTensors;
import dev.harpia.simd.Parallel;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * Has a model learn to draw digits, has its samples judged by a classifier, and leaves metrics,
 * weights, samples, pictures and a report in the run's directory.
 */
public final class DigitLab {
  private final DigitPlan plan;
  private final LabInput input;
  private final RunDirectory run;
  private final PrintWriter log;

  /** A lab with its plan, its input, its directory, and where it says what it does. */
  public DigitLab(DigitPlan plan, LabInput input, RunDirectory run, PrintWriter log) {
    this.plan = plan;
    this.input = input;
    this.run = run;
    this.log = log;
  }

  /** Trains, judges, and leaves the results in the run's directory. */
  public LabReport run() throws IOException {
    long start = System.nanoTime();
    Rng.seed(plan.seed());
    DigitData digits = input.digits(plan.seed(), log);
    // first: a file that is not there is told before the training, not after it
    SampleJury jury = new SampleJury(input, digits, log);
    DigitArtist artist = plan.artist(digits);
    log.println(plan.describe());
    log.print(artist.summary());
    log.flush();
    long noise = plan.seed() + 2; // the same noise in every frame
    SampleFilm film = new SampleFilm();
    film.add("before", artist.sketches(SampleFilm.SHOWN, new Rng(noise)));
    StringBuilder metrics = new StringBuilder();
    artist.learn(
        epoch -> {
          String title = "epoch " + epoch.epoch();
          film.add(title, artist.sketches(SampleFilm.SHOWN, new Rng(noise)));
          metrics.append(epoch.json().put("seconds", epoch.seconds())).append('\n');
          log.printf(Locale.ROOT, "%s: %s (%.1f s)%n", title, epoch.text(), epoch.seconds());
          log.flush();
        });
    long drawing = System.nanoTime();
    Tensor samples = artist.samples(SampleJury.SAMPLES, new Rng(noise));
    double perSecond = SampleJury.SAMPLES / ((System.nanoTime() - drawing) / 1e9);
    List<SampleScore> scores = jury.scores(plan.name(), samples, artist.classes());
    JsonLine json = new JsonLine().put("lab", plan.lab());
    artist.figures(json);
    common(json, digits).put("samples_per_second", perSecond);
    jury.put(json, scores).put("seconds", (System.nanoTime() - start) / 1e9);
    run.text("metrics.json", metrics.append(json).append('\n').toString());
    run.save("model.safetensors", file -> SafeTensors.save(artist.weights(), file));
    jury.leave(run, samples);
    report(digits, artist, samples, film, jury, scores);
    run.publish();
    String result = artist.result();
    return new LabReport(
        json.put("out", run.path().toString()),
        (result.isEmpty() ? "" : result + System.lineSeparator())
            + scores.getFirst().text()
            + String.format("%nresults in %s", run.path()));
  }

  private JsonLine common(JsonLine json, DigitData digits) {
    return json.put("data", digits.name())
        .put("train_images", digits.train().count())
        .put("test_images", digits.test().count())
        .put("seed", plan.seed())
        .put("threads", Parallel.threads())
        .put("gemm", Machine.gemm());
  }

  private void report(
      DigitData digits,
      DigitArtist artist,
      Tensor samples,
      SampleFilm film,
      SampleJury jury,
      List<SampleScore> scores)
      throws IOException {
    Report report =
        new Report(run, plan.title(), artist.headline(scores.getFirst()), plan.seed())
            .fact("settings", plan.describe())
            .fact(
                "data",
                String.format(
                    Locale.ROOT,
                    "%s digits: %,d to learn from, %,d to be judged by",
                    digits.name(),
                    digits.train().count(),
                    digits.test().count()))
            .code(artist.parts(), artist.summary())
            .section("Learning");
    artist.curves(report);
    film.put(report);
    artist.drawings(report, samples);
    jury.put(report, scores);
    artist.insights(report);
    report.write();
  }
}
