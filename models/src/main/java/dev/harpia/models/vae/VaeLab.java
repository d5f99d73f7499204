package dev.harpia.models.vae;

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
 * Trains a variational autoencoder on digits, has its samples judged by a classifier, and leaves
 * metrics, weights, samples, pictures and a report in the run's directory.
 */
public final class VaeLab {
  private static final int MAPPED = 2000;

  private final VaeSettings settings;
  private final LabInput input;
  private final RunDirectory run;
  private final PrintWriter log;

  /** A lab with its settings, its input, its directory, and where it says what it does. */
  public VaeLab(VaeSettings settings, LabInput input, RunDirectory run, PrintWriter log) {
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
    Vae model = new Vae(settings.network(), settings.latent(), settings.conditional() ? 10 : 0);
    log.println(settings.describe());
    String summary =
        model.encoder().summary(Shape.of(1, 1, 28, 28))
            + model.decoder().summary(Shape.of(1, model.latent() + model.classes()));
    log.print(summary);
    log.flush();
    SampleFilm film = new SampleFilm();
    long noise = settings.seed() + 2; // the same latent variables in every frame
    film.add("before", VaePictures.samples(model, SampleFilm.SHOWN, new Rng(noise)));
    List<VaeEpoch> epochs =
        new VaeTraining(settings, digits, model)
            .run(
                epoch -> {
                  film.add(
                      "epoch " + epoch.epoch(),
                      VaePictures.samples(model, SampleFilm.SHOWN, new Rng(noise)));
                  log.printf(
                      Locale.ROOT,
                      "epoch %d: training %.2f nats, test %.2f = %.2f + %.2f (%.1f s)%n",
                      epoch.epoch(),
                      epoch.train(),
                      epoch.test(),
                      epoch.reconstruction(),
                      epoch.kl(),
                      epoch.seconds());
                  log.flush();
                });
    SampleJury jury = new SampleJury(input, digits, log);
    Tensor samples = VaePictures.samples(model, SampleJury.SAMPLES, new Rng(noise));
    List<SampleScore> scores = jury.scores("vae", samples);
    JsonLine json = summary(digits, model, epochs.getLast());
    jury.put(json, scores).put("seconds", (System.nanoTime() - start) / 1e9);
    leave(json, epochs, model);
    jury.leave(run, samples);
    tell(digits, model, summary, epochs, samples, film, jury, scores);
    run.publish();
    return new LabReport(
        json.put("out", run.path().toString()), text(epochs.getLast(), scores.getFirst()));
  }

  private JsonLine summary(DigitData digits, Vae model, VaeEpoch last) {
    return new JsonLine()
        .put("lab", "vae")
        .put("model", settings.network().name().toLowerCase(Locale.ROOT))
        .put("test_elbo_nats", -last.test())
        .put("test_nats", last.test())
        .put("test_reconstruction", last.reconstruction())
        .put("test_kl", last.kl())
        .put("likelihood", "bernoulli")
        .put("latent", settings.latent())
        .put("beta", settings.beta())
        .put("conditional", settings.conditional())
        .put("epochs", settings.epochs())
        .put("batch", settings.batch())
        .put("learning_rate", settings.learningRate())
        .put("parameters", model.parameterCount())
        .put("data", digits.name())
        .put("train_images", digits.train().count())
        .put("test_images", digits.test().count())
        .put("seed", settings.seed())
        .put("threads", Parallel.threads())
        .put("gemm", Machine.gemm());
  }

  private void leave(JsonLine json, List<VaeEpoch> epochs, Vae model) throws IOException {
    StringBuilder metrics = new StringBuilder();
    epochs.forEach(epoch -> metrics.append(epoch.json()).append('\n'));
    metrics.append(json).append('\n');
    run.text("metrics.json", metrics.toString());
    run.save("model.safetensors", file -> SafeTensors.save(model, file));
  }

  private void tell(
      DigitData digits,
      Vae model,
      String summary,
      List<VaeEpoch> epochs,
      Tensor samples,
      SampleFilm film,
      SampleJury jury,
      List<SampleScore> scores)
      throws IOException {
    VaeEpoch last = epochs.getLast();
    LatentSpace space = LatentSpace.of(model, digits.test(), MAPPED);
    VaePictures pictures = new VaePictures(model, digits.test(), space);
    String headline =
        String.format(
            Locale.ROOT,
            "A test digit costs %.2f nats: %.2f for its pixels, %.2f for its latent variables.",
            last.test(),
            last.reconstruction(),
            last.kl());
    Report report =
        new Report(run, "A variational autoencoder of digits", headline, settings.seed())
            .fact("settings", settings.describe())
            .fact(
                "data",
                String.format(
                    Locale.ROOT,
                    "%s digits: %,d to learn from, %,d to be judged by",
                    digits.name(),
                    digits.train().count(),
                    digits.test().count()))
            .fact(
                "bound",
                "Bernoulli likelihood of grey pixels taken as probabilities, one sample of the"
                    + " latent variables for each picture")
            .code("Encoder and decoder", summary)
            .section("Learning")
            .chart("curves.png", VaePictures.curves(epochs));
    film.put(report);
    report
        .picture("samples.png", "Samples from the prior", () -> pictures.samples(samples))
        .picture(
            "reconstructions.png", "Test digits and what comes back", pictures::reconstructions);
    jury.put(report, scores);
    report
        .section("The latent variables")
        .chart("map.png", pictures.map())
        .picture("walk.png", "The variables that tell most", pictures::walk)
        .picture("interpolation.png", "Between two test digits", pictures::interpolation)
        .write();
  }

  private String text(VaeEpoch last, SampleScore score) {
    return String.format(
        Locale.ROOT,
        "test bound %.2f nats per picture (%.2f + %.2f) after %d epochs%n%s%nresults in %s",
        last.test(),
        last.reconstruction(),
        last.kl(),
        settings.epochs(),
        score.text(),
        run.path());
  }
}
