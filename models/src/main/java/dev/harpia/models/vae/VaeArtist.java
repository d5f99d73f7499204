package dev.harpia.models.vae;

import dev.harpia.models.data.DigitData;
import dev.harpia.models.generative.DigitArtist;
import dev.harpia.models.generative.SampleScore;
import dev.harpia.models.report.Report;
import dev.harpia.models.run.JsonLine;
import dev.harpia.nn.Layer;
import dev.harpia.tensor.Rng;
import dev.harpia.tensor.Shape;
import dev.harpia.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** A variational autoencoder at {@code lab vae}. */
final class VaeArtist implements DigitArtist {
  private static final int MAPPED = 2000;

  private final VaeSettings settings;
  private final DigitData digits;
  private final Vae model;
  private final List<VaeEpoch> epochs = new ArrayList<>();

  VaeArtist(VaeSettings settings, DigitData digits) {
    this.settings = settings;
    this.digits = digits;
    model = new Vae(settings.network(), settings.latent(), settings.conditional() ? 10 : 0);
  }

  @Override
  public String summary() {
    return model.encoder().summary(Shape.of(1, 1, 28, 28))
        + "\n"
        + model.decoder().summary(Shape.of(1, model.latent() + model.classes()));
  }

  @Override
  public String parts() {
    return "Encoder and decoder";
  }

  @Override
  public Layer weights() {
    return model;
  }

  @Override
  public int classes() {
    return model.classes();
  }

  @Override
  public void learn(Consumer<Progress> each) {
    new VaeTraining(settings, digits, model)
        .run(
            epoch -> {
              epochs.add(epoch);
              each.accept(new Progress(epoch.epoch(), epoch.json(), epoch.text(), epoch.seconds()));
            });
  }

  @Override
  public Tensor samples(int count, Rng rng) {
    return VaePictures.samples(model, count, rng);
  }

  @Override
  public void figures(JsonLine json) {
    VaeEpoch last = epochs.getLast();
    json.put("model", settings.network().name().toLowerCase(Locale.ROOT))
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
        .put("parameters", model.parameterCount());
  }

  @Override
  public String result() {
    VaeEpoch last = epochs.getLast();
    return String.format(
        Locale.ROOT,
        "test bound %.2f nats per picture (%.2f + %.2f) after %d epochs",
        last.test(),
        last.reconstruction(),
        last.kl(),
        settings.epochs());
  }

  @Override
  public String headline(SampleScore score) {
    VaeEpoch last = epochs.getLast();
    return String.format(
        Locale.ROOT,
        "A test digit costs %.2f nats: %.2f for its pixels, %.2f for its latent variables.",
        last.test(),
        last.reconstruction(),
        last.kl());
  }

  @Override
  public void curves(Report report) throws IOException {
    report
        .text(
            "The bound is that of a Bernoulli likelihood, with grey pixels taken as probabilities,"
                + " by one sample of the latent variables for each picture.")
        .chart("curves.png", VaePictures.curves(epochs));
  }

  @Override
  public void drawings(Report report, Tensor samples) throws IOException {
    report
        .picture("samples.png", "Samples from the prior", () -> VaePictures.samples(model, samples))
        .picture(
            "reconstructions.png",
            "Test digits and what comes back",
            () -> VaePictures.reconstructions(model, digits.test()));
  }

  @Override
  public void insights(Report report) throws IOException {
    LatentSpace space = LatentSpace.of(model, digits.test(), MAPPED);
    VaePictures pictures = new VaePictures(model, space);
    report.section("The latent variables").chart("map.png", pictures.map());
    if (model.latent() == 2) {
      report.picture("plane.png", "What the decoder draws all over the map", pictures::plane);
    }
    report
        .picture("walk.png", "The variables that tell most", pictures::walk)
        .picture("interpolation.png", "Between two test digits", pictures::interpolation);
  }
}
