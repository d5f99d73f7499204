package dev.harpia.models.gan;

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
import java.util.Locale;
import java.util.function.Consumer;

/** A generative adversarial network at {@code lab gan}. */
final class GanArtist implements DigitArtist {
  private final GanSettings settings;
  private final GanTraining training;
  private final Generator generator;

  GanArtist(GanSettings settings, DigitData digits) {
    this.settings = settings;
    training = new GanTraining(settings, digits);
    generator = training.generator();
  }

  @Override
  public String summary() {
    return generator.network().summary(Shape.of(2, settings.noise() + generator.classes()))
        + "\n"
        + training.discriminator().network().summary(Shape.of(2, 1, 28, 28));
  }

  @Override
  public String parts() {
    return "Generator and discriminator";
  }

  @Override
  public Layer weights() {
    return generator;
  }

  @Override
  public int classes() {
    return generator.classes();
  }

  @Override
  public void learn(Consumer<Progress> each) {
    training.run(
        epoch ->
            each.accept(
                new Progress(
                    epoch.epoch(),
                    new JsonLine()
                        .put("epoch", epoch.epoch())
                        .put("discriminator_loss", epoch.discriminator())
                        .put("generator_loss", epoch.generator()),
                    String.format(
                        Locale.ROOT,
                        "discriminator %.3f, generator %.3f",
                        epoch.discriminator(),
                        epoch.generator()),
                    epoch.seconds())));
  }

  @Override
  public Tensor samples(int count, Rng rng) {
    return GanPictures.samples(generator, count, rng);
  }

  @Override
  public void figures(JsonLine json) {
    json.put("model", settings.name())
        .put("noise", settings.noise())
        .put("epochs", settings.epochs())
        .put("batch", settings.batch())
        .put("learning_rate", settings.learningRate())
        .put("generator_parameters", generator.parameterCount())
        .put("discriminator_parameters", training.discriminator().parameterCount());
  }

  @Override
  public String result() {
    return "";
  }

  @Override
  public String headline(SampleScore score) {
    return String.format(
        Locale.ROOT,
        "A classifier is %.1f %% sure of the digits that it draws; %d of 10 classes occur, the"
            + " commonest in %.1f %% of the samples.",
        100 * score.confidence(),
        score.classes(),
        100 * score.largest());
  }

  @Override
  public void curves(Report report) throws IOException {
    report.chart("curves.png", GanPictures.curves(training.losses()));
  }

  @Override
  public void drawings(Report report, Tensor samples) throws IOException {
    report.picture("samples.png", "Samples", () -> GanPictures.samples(generator, samples));
  }

  @Override
  public void insights(Report report) throws IOException {
    report
        .section("The noise")
        .picture(
            "interpolation.png",
            "Between two random points",
            () -> GanPictures.interpolation(generator, new Rng(settings.seed() + 3)));
  }
}
